# Everything of a module.
# expect: script.forbidden_import
# reaches: str
# offending: os.path
# allowed: base64

from os.path import *

found = 'imported'
