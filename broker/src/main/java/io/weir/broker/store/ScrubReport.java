package io.weir.broker.store;

import java.util.ArrayList;
import java.util.List;

/**
 * What was found when everything that is stored was read and compared with its checksums.
 *
 * @param topics how many topics were verified, partitions each for itself
 * @param entries how many entries were found as they were written
 * @param bytes bytes of their batches
 * @param damages what is damaged of topics; of each topic up to ten thousand, with which
 * verifying it ends
 * @param others what else is damaged, each as a sentence
 */
public record ScrubReport(long topics, long entries, long bytes, List<Damage> damages, List<String> others) {

	/** Nothing was verified. */
	public static final ScrubReport NOTHING = new ScrubReport(0, 0, 0, List.of(), List.of());

	public ScrubReport {
		damages = List.copyOf(damages);
		others = List.copyOf(others);
	}

	/**
	 * Whether everything is as it was written.
	 * @return whether no damage was found
	 */
	public boolean isIntact() {
		return this.damages.isEmpty() && this.others.isEmpty();
	}

	/**
	 * This and what was found elsewhere.
	 * @param more the other report
	 * @return both together
	 */
	public ScrubReport plus(ScrubReport more) {
		return new ScrubReport(this.topics + more.topics, this.entries + more.entries, this.bytes + more.bytes,
				together(this.damages, more.damages), together(this.others, more.others));
	}

	private static <T> List<T> together(List<T> some, List<T> more) {
		List<T> all = new ArrayList<>(some);
		all.addAll(more);
		return all;
	}

}
