package io.weir.broker.store.rocksdb;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FileDescriptorsTest {

	@Test
	void partOfTheProcessesDescriptorsIsForTables() {
		assertThat(FileDescriptors.forTables(150)).isEqualTo(37);
		assertThat(FileDescriptors.forTables(10)).as("RocksDB takes no less").isEqualTo(20);
		assertThat(FileDescriptors.forTables(1_048_576)).isEqualTo(512);
		assertThat(FileDescriptors.forTables()).isBetween(20, 512);
	}

}
