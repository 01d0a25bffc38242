package io.weir.sample.job;

/** Shows how far the main job is. Used by one thread. */
interface Progress extends AutoCloseable {

	/**
	 * A bar on a terminal, plain lines elsewhere.
	 * @param total how many flights there are
	 * @return the progress, at nothing
	 */
	static Progress of(long total) {
		return TerminalCheck.isTerminal() ? new BarProgress(total) : new LineProgress(total, System.out);
	}

	/**
	 * Shows where the job is.
	 * @param published how many flights the broker has confirmed
	 * @param received how many have arrived
	 */
	void show(long published, long received);

	@Override
	void close();

}
