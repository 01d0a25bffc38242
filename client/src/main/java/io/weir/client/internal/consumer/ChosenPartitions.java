package io.weir.client.internal.consumer;

import java.util.Collection;
import java.util.List;

/**
 * Which partitions of a topic are wanted.
 *
 * @param numbers their numbers, in order; empty for all that there are and will be
 */
record ChosenPartitions(List<Integer> numbers) {

	static ChosenPartitions of(Collection<Integer> numbers) {
		return new ChosenPartitions(numbers.stream().distinct().sorted().toList());
	}

	boolean areAll() {
		return this.numbers.isEmpty();
	}

	int first() {
		return areAll() ? 0 : this.numbers.get(0);
	}

	/** Those that are wanted whatever the broker says of the first one. */
	List<Integer> others() {
		return areAll() ? List.of() : this.numbers.subList(1, this.numbers.size());
	}

	/** At which place a partition is among those that are wanted, or -1. */
	int indexOf(int partition) {
		return areAll() ? partition : this.numbers.indexOf(partition);
	}

	/** For people, when so many are there. */
	String text(int count) {
		if (areAll()) {
			return (count > 1) ? "0 to " + (count - 1) : "0";
		}
		return String.join(", ", this.numbers.stream().map(String::valueOf).toList());
	}

}
