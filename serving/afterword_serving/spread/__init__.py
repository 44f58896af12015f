"""Work spread over machines: input cut into shards, each classified whole by one worker, all put together in order."""
