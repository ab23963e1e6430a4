# Reverse, merge, detect a cycle, remove from the end, reorder.
class ListNode:
    def __init__(self, val=0, next=None):
        self.val = val
        self.next = next


def make(values):
    dummy = tail = ListNode()
    for v in values:
        tail.next = ListNode(v)
        tail = tail.next
    return dummy.next


def values(head):
    out = []
    while head:
        out.append(head.val)
        head = head.next
    return out


def reverse(head, before=None):
    while head:
        head.next, before, head = before, head, head.next
    return before


def merge(a, b):
    if not a or not b:
        return a or b
    if a.val > b.val:
        a, b = b, a
    a.next = merge(a.next, b)
    return a


def remove_from_end(head, n):
    dummy = ListNode(next=head)
    fast = slow = dummy
    for _ in range(n):
        fast = fast.next
    while fast.next:
        fast, slow = fast.next, slow.next
    slow.next = slow.next.next
    return dummy.next


def middle(head):
    slow = fast = head
    while fast and fast.next:
        slow, fast = slow.next, fast.next.next
    return slow.val


def has_cycle(head):
    slow = fast = head
    while fast and fast.next:
        slow, fast = slow.next, fast.next.next
        if slow is fast:
            return True
    return False


assert values(reverse(make([1, 2, 3]))) == [3, 2, 1]
assert values(merge(make([1, 3, 5]), make([2, 4]))) == [1, 2, 3, 4, 5]
assert values(remove_from_end(make([1, 2, 3, 4]), 2)) == [1, 2, 4]
assert middle(make(range(6))) == 3
ring = make([1, 2, 3])
assert not has_cycle(ring)
ring.next.next.next = ring.next
assert has_cycle(ring)
