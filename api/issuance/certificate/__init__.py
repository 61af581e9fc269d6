"""The certificate of deposit (存证证书): its number, its contents, its page."""
