package io.weir.broker.store.rocksdb;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.store.Durability;
import io.weir.broker.store.StoreFixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The power fails at any moment, and what was not synced is lost, or there in part: a
 * process is watched, and killed, and started again; then the directory is made as it
 * would be had the power failed at one moment or another.
 */
@Timeout(3600)
class PowerLossTest {

	/** More with {@code -Pchaos}. */
	private static final int FAILURES = Integer.getInteger("chaos.kills", 30);

	/** Says when the power fails: {@code -Dchaos.seed=…} for other moments. */
	private static final long SEED = Long.getLong("chaos.seed", 1);

	private static final int LIVES = 2;

	private static final int LINES = 400;

	@TempDir
	Path work;

	private final Random random = new Random(SEED);

	@Test
	void nothingThatWasConfirmedIsLostWithThePower() throws Exception {
		List<DiskLog.Change> changes = run(Durability.FSYNC);
		for (int failure = 1; failure <= FAILURES; failure++) {
			int moment = moment(changes);
			try {
				check(changes.subList(0, moment), (failure % 3 != 0) ? this.random : null);
			}
			catch (Throwable ex) {
				throw new AssertionError("Failed at change " + moment + " of " + changes.size() + ", with -Dchaos.seed="
						+ SEED + ": " + ex, ex);
			}
		}
		System.out.println("The power failed at " + FAILURES + " moments among " + changes.size()
				+ " changes of the disk: all that was confirmed by then is there");
	}

	/** Else the other test would show nothing. */
	@Test
	void whatWasOnlyGivenToTheSystemIsLostWithThePowerAndItsPositionsAreGivenAgain() throws Exception {
		List<DiskLog.Change> changes = run(Durability.OS);
		Ledger ledger = new Ledger();
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(left(changes, ledger, null), Durability.FSYNC)) {
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> ledger.checkEntries(engine))
				.withMessageContaining("entries that were confirmed and are not there");
			for (String topic : AppendUntilKilled.TOPICS) {
				assertThat(ledger.isConfirmed(topic, AppendUntilKilled.append(StoreFixture.opened(engine, topic))))
					.isTrue();
			}
		}
	}

	/**
	 * Lets processes work on one directory, one after the other, until each is killed.
	 */
	private List<DiskLog.Change> run(Durability durability) throws IOException, InterruptedException {
		Path data = Files.createDirectory(this.work.resolve("data"));
		DiskLog log = DiskLog.of(data, this.work);
		for (int life = 0; life < LIVES; life++) {
			Process process = log.watch(AppendUntilKilled.process(data, durability)).start();
			try (BufferedReader ledger = process.inputReader()) {
				for (int line = 0; line < LINES; line++) {
					assertThat(ledger.readLine()).isNotNull();
				}
			}
			finally {
				process.destroyForcibly().waitFor();
			}
		}
		return log.read();
	}

	/** Any, once something was confirmed. */
	private int moment(List<DiskLog.Change> changes) {
		int first = 0;
		while (!changes.get(first).isOutput() || changes.get(first).text().startsWith(AppendUntilKilled.OPENING)) {
			first++;
		}
		return first + 1 + this.random.nextInt(changes.size() - first);
	}

	private void check(List<DiskLog.Change> changes, @Nullable Random random) throws IOException {
		Ledger ledger = new Ledger();
		Path left = left(changes, ledger, random);
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(left, Durability.FSYNC)) {
			ledger.checkEntries(engine);
		}
	}

	/** What is left of the directory if the power fails now, and what was confirmed. */
	private Path left(List<DiskLog.Change> changes, Ledger ledger, @Nullable Random random) throws IOException {
		Disk disk = new Disk();
		for (DiskLog.Change change : changes) {
			if (change.isOutput()) {
				ledger.note(change.text().strip());
			}
			else {
				disk.take(change);
			}
		}
		Path left = Files.createTempDirectory(this.work, "left-");
		disk.fail(left, random);
		return left;
	}

}
