"""Every parser that meets a stranger's bytes, fuzzed: by hypothesis in the fast suite, by atheris in `make fuzz`."""
