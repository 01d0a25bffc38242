package io.weir.client.internal.producer;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Where keys go, and where they go when there are more partitions. */
class PartitionerTest {

	private static final List<String> KEYS = IntStream.range(0, 10_000).mapToObj((number) -> "key-" + number).toList();

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
