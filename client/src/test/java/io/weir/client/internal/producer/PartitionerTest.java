package io.weir.client.internal.producer;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Where keys go, and where they go when there are more partitions. */
class PartitionerTest {

	private static final List<String> KEYS = IntStream.range(0, 10_000).mapToObj((number) -> "key-" + number).toList();

	/** Clients of all versions must agree, or the order of keys is lost. */
	@Test
	void partitionOfAKeyIsTheSameForEver() {
		assertThat(List.of("", "a", "orders", "key-42", "Käthe", "\uD83D\uDE80"))
			.extracting((key) -> List.of(Partitioner.of(key, 1), Partitioner.of(key, 2), Partitioner.of(key, 7),
					Partitioner.of(key, 64), Partitioner.of(key, 1024)))
			.containsExactly(List.of(0, 0, 0, 0, 0), List.of(0, 0, 3, 42, 566), List.of(0, 1, 1, 23, 457),
					List.of(0, 0, 0, 44, 923), List.of(0, 1, 1, 21, 268), List.of(0, 0, 3, 27, 536));
	}

	@Test
	void keysMoveToNewPartitionsOnly() {
		for (int partitions = 1; partitions < 32; partitions++) {
			for (String key : KEYS) {
				int before = Partitioner.of(key, partitions);
				assertThat(Partitioner.of(key, partitions + 1)).as(key).isIn(before, partitions);
			}
		}
	}

	@Test
	void keysAreSpreadEvenly() {
		for (int partitions : List.of(2, 7, 32)) {
			int each = KEYS.size() / partitions;
			assertThat(KEYS.stream()
				.collect(Collectors.groupingBy((key) -> Partitioner.of(key, partitions), Collectors.counting())))
				.hasSize(partitions)
				.allSatisfy((partition, keys) -> assertThat(keys).isBetween(each * 7L / 10, each * 13L / 10));
		}
	}

}
