"""Messages to parties: told once the step is durable, retried until a carrier took them, and what became of them."""
