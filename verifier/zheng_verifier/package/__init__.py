"""The evidence package: an ASiC-E container around a bundle and its documents (docs/spec/package.md).

names ─► directory ─► archive      which files there may be, where they lie, their bytes
asic, manifest                     the one list of files with digests; what each file is
package                            all of it together, read and written
"""
