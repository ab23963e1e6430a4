import hashlib

text = "The quick brown fox".encode()
for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_224", "sha3_256", "sha3_384", "sha3_512", "blake2b", "blake2s"):
    print(name, hashlib.new(name, text).hexdigest()[:16])
h = hashlib.sha256()
h.update(b"The quick ")
h.update(b"brown fox")
print(h.hexdigest() == hashlib.sha256(text).hexdigest(), h.digest_size, h.block_size, h.name, h.copy().digest() == h.digest())
print(hashlib.md5(b"").hexdigest(), hashlib.sha1(b"a").hexdigest(), hashlib.sha512(b"a").hexdigest()[:10], hashlib.sha224(b"").hexdigest()[:6])
print(hashlib.sha384(b"a").hexdigest()[:8], hashlib.sha3_224(b"").hexdigest()[:8], hashlib.sha3_256(b"").hexdigest()[:8], hashlib.sha3_384(b"").hexdigest()[:8], hashlib.sha3_512(b"").hexdigest()[:8])
print(hashlib.blake2b(b"x", digest_size=8).hexdigest(), hashlib.blake2s(b"x", key=b"k").hexdigest()[:8], hashlib.shake_128(b"x").hexdigest(4), hashlib.shake_256(b"x").hexdigest(4))
print(hashlib.pbkdf2_hmac("sha256", b"pw", b"salt", 10).hex()[:16], "sha256" in hashlib.algorithms_guaranteed, "md5" in hashlib.algorithms_available)
[hashlib.sha256(str(n).encode()).hexdigest()[:6] for n in range(3)]
