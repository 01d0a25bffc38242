package io.weir.broker.store.rocksdb;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.broker.store.Durability;
import io.weir.broker.store.StorageException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What was confirmed is there when the process was killed ({@code kill -9}), again and
 * again with the same directory: while it appends, or while it recovers from the kill
 * before. The ledger of what was confirmed is kept by this process, which lives.
 */
class RocksDbKillTest {

	/** For each durability; more with {@code -Pchaos}. */
	private static final int ROUNDS = Integer.getInteger("chaos.kills", 10);

	/** Says when to kill: {@code -Dchaos.seed=…} for other moments. */
	private static final long SEED = Long.getLong("chaos.seed", 1);

	private static final int MAX_LINES = 600;

	/** Recovery takes about as long. */
	private static final long OPENING_NANOS = 60_000_000;

	private final Ledger confirmed = new Ledger();

	@TempDir
	Path directory;

	@ParameterizedTest
	@EnumSource(names = { "OS", "FSYNC" })
	@Timeout(3600)
	void everythingConfirmedSurvivesTheKill(Durability durability) throws Exception {
		Random random = new Random(SEED);
		for (int round = 1; round <= ROUNDS; round++) {
			boolean recovering = round > 1 && random.nextInt(4) == 0;
			int lines = recovering ? 0 : 1 + random.nextInt(MAX_LINES);
			try {
				runUntilKilled(durability, lines, recovering ? random.nextLong(OPENING_NANOS) : 0);
				try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, durability)) {
					this.confirmed.checkEntries(engine);
					this.confirmed.checkCursors(engine);
				}
			}
			catch (Throwable ex) {
				throw new AssertionError("Failed in round " + round + " with -Dchaos.seed=" + SEED + ": " + ex, ex);
			}
		}
		System.out.println("Killed " + ROUNDS + " times with " + durability + ": " + this.confirmed.entries()
				+ " entries were confirmed, and are there");
	}

	@Test
	@Timeout(120)
	void secondProcessOnADirectoryIsToldWhoHasIt() throws Exception {
		Process process = start(Durability.OS);
		try (BufferedReader ledger = process.inputReader()) {
			assertThat(ledger.readLine()).isEqualTo(AppendUntilKilled.OPENING);
			assertThat(ledger.readLine()).isNotNull();
			assertThatExceptionOfType(StorageException.class)
				.isThrownBy(() -> RocksDbStorageEngine.open(this.directory, Durability.OS))
				.withMessageContaining(
						"Data directory " + this.directory + " is in use by another broker: process " + process.pid())
				.withMessageMatching(".* on \\S+, since \\S+Z, has locked .*weir\\.lock");
		}
		finally {
			process.destroyForcibly().waitFor();
		}
		RocksDbStorageEngine.open(this.directory, Durability.OS).close();
	}

	private Process start(Durability durability) throws IOException {
		return AppendUntilKilled.process(this.directory, durability).start();
	}

	/**
	 * Starts a process and kills it.
	 * @param lines after so many lines of its ledger
	 * @param nanos so long after it has begun to open the store, if there are none
	 */
	private void runUntilKilled(Durability durability, int lines, long nanos) throws IOException, InterruptedException {
		Process process = start(durability);
		try (BufferedReader ledger = process.inputReader()) {
			assertThat(ledger.readLine()).isEqualTo(AppendUntilKilled.OPENING);
			for (int line = 0; line < lines; line++) {
				this.confirmed.note(ledger.readLine());
			}
			LockSupport.parkNanos(nanos);
			// Leaves the pipe open, with what is in it.
			process.toHandle().destroyForcibly();
			for (String line = ledger.readLine(); line != null; line = ledger.readLine()) {
				this.confirmed.note(line);
			}
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

}
