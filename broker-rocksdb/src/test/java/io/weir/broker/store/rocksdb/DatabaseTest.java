package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DatabaseTest {

	private static final byte[] PREFIX = { 1 };

	@TempDir
	Path directory;

	@TempDir
	Path running;

	@Test
	void missingLogIsRefusedUnlessTheStoreIsSalvaged() throws Exception {
		writeThreeLogsAndCrash();
		Path oldest = logs().get(0);
		Files.delete(oldest);
		assertThatExceptionOfType(StorageException.class).isThrownBy(() -> Database.open(this.directory))
			.withMessageContaining(this.directory.toString())
			.withMessageContaining("Missing WAL")
			.withMessageContaining("'salvage'")
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(Kind.DAMAGED));
		RocksDbStorageEngine.salvage(this.directory);
		try (Database database = Database.open(this.directory)) {
			assertThat(keys(database)).containsExactly((byte) 2, (byte) 3);
		}
	}

	@Test
	void missingNewestLogIsRefusedUnlessTheStoreIsSalvaged() throws Exception {
		writeThreeLogsAndCrash();
		Path newest = logs().get(2);
		Files.delete(newest);
		assertThatExceptionOfType(StorageException.class).isThrownBy(() -> Database.open(this.directory))
			.withMessageContaining(this.directory.toString())
			.withMessageContaining("the newest file, " + newest.getFileName())
			.withMessageContaining("'salvage'")
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(Kind.DAMAGED));
		RocksDbStorageEngine.salvage(this.directory);
		for (int start = 0; start < 3; start++) {
			try (Database database = Database.open(this.directory)) {
				assertThat(keys(database)).containsExactly((byte) 1, (byte) 2);
			}
		}
	}

	@Test
	void crashBeforeTheNewestLogIsNotedHarmsNothing() throws Exception {
		writeThreeLogsAndCrash();
		Files.writeString(this.directory.resolve(NewestLog.FILE), logs().get(1).getFileName().toString());
		try (Database database = Database.open(this.directory)) {
			assertThat(keys(database)).containsExactly((byte) 1, (byte) 2, (byte) 3);
		}
	}

	@Test
	void allLogsAreReadAfterACrash() throws Exception {
		writeThreeLogsAndCrash();
		assertThat(logs()).hasSize(3);
		try (Database database = Database.open(this.directory)) {
			assertThat(keys(database)).containsExactly((byte) 1, (byte) 2, (byte) 3);
		}
	}

	@Test
	void moreThan64MebibytesOfLogsMustNotHaveToBeRead() throws Exception {
		Database.open(this.directory).close();
		try (Stream<Path> files = Files.list(this.directory)) {
			Path options = files.filter((file) -> file.getFileName().toString().startsWith("OPTIONS-"))
				.max(Path::compareTo)
				.orElseThrow();
			assertThat(options).as("as RocksDB has understood").content().contains("max_total_wal_size=67108864");
		}
	}

	/** One column's flush begins a new log while another needs the old one. */
	private void writeThreeLogsAndCrash() throws Exception {
		try (Database database = Database.open(this.running);
				AtomicBatch batch = new AtomicBatch(database);
				Stream<Path> files = Files.list(this.running)) {
			for (byte log = 1; log <= 3; log++) {
				batch.put(Column.LOG, new byte[] { 1, log }, new byte[10]);
				batch.put(Column.CURSORS, new byte[] { 1, log }, new byte[10]);
				database.write(batch.content(), true);
				batch.clear();
				if (log < 3) {
					database.flush(Column.CURSORS);
				}
			}
			for (Path file : files.toList()) {
				Files.copy(file, this.directory.resolve(file.getFileName()));
			}
		}
	}

	private List<Path> logs() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.filter((file) -> file.toString().endsWith(".log")).sorted().toList();
		}
	}

	private static List<Byte> keys(Database database) throws RocksDBException {
		List<Byte> keys = new ArrayList<>();
		database.scan(Column.LOG, PREFIX, (key, value) -> keys.add(key[1]));
		return keys;
	}

}
