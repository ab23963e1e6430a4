import hashlib
import hmac

key, message = b"secret", b"amount=10&to=bob"
tag = hmac.new(key, message, hashlib.sha256).hexdigest()
print(tag, hmac.compare_digest(tag, hmac.new(key, message, "sha256").hexdigest()), hmac.digest(key, message, "sha1").hex())
h = hmac.new(key, digestmod=hashlib.md5)
h.update(message[:5])
h.update(message[5:])
print(h.hexdigest(), h.digest_size, h.name, isinstance(h, hmac.HMAC), hmac.compare_digest(b"a", b"b"))
hmac.new(b"k", b"tampered", "sha256").hexdigest() == tag
