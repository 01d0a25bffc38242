package io.weir.broker.store.rocksdb;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.rocksdb.RocksDBException;

import io.weir.broker.store.ScrubReport;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.message.Topic;

/**
 * Reads everything in a data directory that no broker is using, and compares it with its
 * checksums: the write-ahead log, the names of the topics, all table files, and what is
 * in them. Changes nothing.
 */
final class DirectoryScrub {

	private final Database database;

	private final List<String> others = new ArrayList<>();

	private DirectoryScrub(Database database) {
		this.database = database;
	}

	/**
	 * Verifies a directory.
	 * @throws StorageException if that is not possible
	 */
	static ScrubReport of(Path directory) {
		try (Database database = Database.read(directory)) {
			return new DirectoryScrub(database).run();
		}
		catch (StorageException ex) {
			return new ScrubReport(0, 0, 0, List.of(), List.of(damage(ex)));
		}
	}

	private ScrubReport run() {
		check(this.database::verifyTables);
		check(() -> MetadataRecords.load(this.database));
		check(this::checkNames);
		ScrubReport all = ScrubReport.NOTHING;
		for (Topic topic : this.database.names().topics()) {
			all = all.plus(verify(topic));
		}
		return all.plus(new ScrubReport(0, 0, 0, List.of(), this.others));
	}

	private ScrubReport verify(Topic topic) {
		TopicScrub scrub = new TopicScrub(this.database, topic, (damage) -> {
		});
		while (!scrub.isDone()) {
			scrub.step();
		}
		return scrub.report();
	}

	private void checkNames() throws RocksDBException {
		int nameless = TopicRecords.load(this.database).nameless(this.database).size();
		if (nameless > 0) {
			throw this.database.names().incomplete(nameless);
		}
	}

	private void check(Check check) {
		try {
			check.run();
		}
		catch (RocksDBException ex) {
			this.others.add(damage(this.database.unreadable(ex)));
		}
		catch (StorageException ex) {
			this.others.add(damage(ex));
		}
	}

	/** What is damaged; anything else ends the scrub. */
	private static String damage(StorageException ex) {
		if (ex.kind() != Kind.DAMAGED) {
			throw ex;
		}
		return String.valueOf(ex.getMessage());
	}

	/** Fails if something is damaged. */
	private interface Check {

		void run() throws RocksDBException;

	}

}
