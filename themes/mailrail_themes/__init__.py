"""Theme files: colours under semantic names. Data only; imports nothing of ours."""
