"""The demonstration: one contract from account to completion, played through the public interface."""
