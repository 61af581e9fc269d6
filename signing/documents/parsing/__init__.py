"""What reads documents of strangers: run in a process of its own, under limits of the kernel (`confinement`).

Nothing here knows the service. A document that is not acceptable raises `UnacceptableError`, whose code is that of the
refusal; a file that kills its reader is refused for that.
"""
