# Giant format width.
# expect: limit.memory

'{:>10000000000}'.format('x')
