"""The verification portal: pages for people without an account, in Chinese and English, whole without scripts."""
