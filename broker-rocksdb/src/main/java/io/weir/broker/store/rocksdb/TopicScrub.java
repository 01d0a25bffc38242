package io.weir.broker.store.rocksdb;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

import io.weir.broker.store.Damage;
import io.weir.broker.store.Entry;
import io.weir.broker.store.ScrubReport;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.message.Topic;
import io.weir.wire.Position;

/**
 * Reads everything that is stored of one topic and compares it with its checksums, a part
 * at a time, whatever the topic's writer does meanwhile: what looks damaged counts only
 * if it still belongs to the topic. For one thread at a time.
 */
final class TopicScrub {

	/** Of a part, which a thread does at a time. */
	static final int PART_BYTES = 1024 * 1024;

	private static final int PART_ENTRIES = 1_000;

	/** With which it ends. */
	private static final int MAX_DAMAGES = 10_000;

	private final Database database;

	private final Topic topic;

	private final Consumer<Damage> listener;

	private final @Nullable Long id;

	/** What is left to do; each says whether it is done. */
	private final Deque<BooleanSupplier> steps = new ArrayDeque<>();

	private final List<Damage> damages = new ArrayList<>();

	private @Nullable LogReader reader;

	private long next;

	private long last;

	private byte[] nextScheduled = new byte[0];

	private long entries;

	private long bytes;

	/**
	 * Begins.
	 * @param listener is told of what is damaged
	 */
	TopicScrub(Database database, Topic topic, Consumer<Damage> listener) {
		this.database = database;
		this.topic = topic;
		this.listener = listener;
		this.id = database.names().find(topic);
		if (this.id != null) {
			ScheduleRecords schedule = new ScheduleRecords(this.id);
			this.nextScheduled = schedule.first();
			this.steps.addAll(List.of(this::records, this::log, () -> schedule(schedule)));
		}
	}

	/**
	 * Verifies the next part.
	 * @return how many bytes that were
	 * @throws StorageException if it cannot be read now
	 */
	long step() {
		long before = this.bytes;
		BooleanSupplier step = this.steps.peek();
		if (step != null && step.getAsBoolean()) {
			this.steps.remove();
		}
		if (isGone() || this.damages.size() >= MAX_DAMAGES) {
			this.steps.clear();
		}
		return this.bytes - before;
	}

	boolean isDone() {
		return this.steps.isEmpty();
	}

	/** What was found so far. */
	ScrubReport report() {
		return new ScrubReport(1, this.entries, this.bytes, this.damages, List.of());
	}

	/** Deleted, or deleted and made again. */
	private boolean isGone() {
		return !Objects.equals(this.id, this.database.names().find(this.topic));
	}

	private long id() {
		return Objects.requireNonNull(this.id);
	}

	/** What is kept beside the log; none of it is much. */
	private boolean records() {
		long known = -1;
		try {
			this.next = TopicRecords.read(this.database, id()).firstEntry();
			known = ProducerRecords.lastEntry(new ProducerRecords(id()).load(this.database));
			new CursorRecords(this.topic, id()).load(this.database);
			new ScheduleRecords(id()).load(this.database);
		}
		catch (RocksDBException | RuntimeException ex) {
			if (RocksTopicLog.passes(ex)) {
				throw notNow(ex);
			}
			found(new Damage(this.topic, null, "Topic " + this.topic + " in " + this.database.directory()
					+ ": what is stored beside its log is damaged: " + ex.getMessage()));
		}
		this.last = last(known);
		return true;
	}

	/** If the end is damaged, that is found when it is read. */
	private long last(long known) {
		try {
			return newReader().last(known);
		}
		catch (DamagedEntryException ex) {
			return known;
		}
	}

	private boolean log() {
		try {
			List<Entry> read = reader().read(this.next, this.last, PART_ENTRIES, PART_BYTES);
			for (Entry entry : read) {
				this.entries++;
				this.bytes += entry.batch().readableBytes();
				this.next = Keys.entry(entry.position()) + 1;
				entry.release();
			}
			return read.isEmpty() || this.next > this.last;
		}
		catch (DamagedEntryException ex) {
			return passOver(ex.damage());
		}
	}

	/** Trimmed and removed entries are missing rightly. */
	private boolean passOver(Damage damage) {
		long entry = Keys.entry(Objects.requireNonNull(damage.position()));
		long first = TopicRecords.read(this.database, id()).firstEntry();
		LogReader now = newReader();
		if (entry >= first && now.keptFrom(entry) == entry && !now.isGivenUp(entry) && !isGone()) {
			found(damage);
		}
		this.next = Math.max(entry + 1, first);
		return this.next > this.last;
	}

	private boolean schedule(ScheduleRecords schedule) {
		long end = this.bytes + PART_BYTES;
		try (RocksIterator iterator = this.database.scanner(Column.SCHEDULE)) {
			iterator.seek(this.nextScheduled);
			for (; iterator.isValid() && schedule.isMessage(iterator.key()); iterator.next()) {
				this.nextScheduled = iterator.key();
				if (this.bytes >= end) {
					return false;
				}
				scheduled(ScheduleRecords.position(iterator.key()), iterator.value());
			}
			iterator.status();
		}
		catch (RocksDBException ex) {
			if (!Database.isDamage(ex)) {
				throw notNow(ex);
			}
			found(new Damage(this.topic, null, "Topic " + this.topic + " in " + this.database.directory()
					+ ": not all messages that are to be delivered later can be read: " + ex.getMessage()));
		}
		return true;
	}

	private void scheduled(Position position, byte[] value) {
		this.bytes += value.length;
		try {
			ScheduleRecords.decode(position, value);
			this.entries++;
		}
		catch (IllegalArgumentException ex) {
			found(new Damage(this.topic, null, ScheduleRecords.damaged(this.topic, position, ex.getMessage())));
		}
	}

	private void found(Damage damage) {
		this.damages.add(damage);
		this.listener.accept(damage);
	}

	private LogReader reader() {
		LogReader known = this.reader;
		return (known != null) ? known : newReader();
	}

	/** One that knows what was removed up to now. */
	private LogReader newReader() {
		try {
			RemovedEntries removed = new RemovedEntries();
			removed.load(this.database, id());
			LogReader fresh = LogReader.scanning(this.database, this.topic, id(), removed);
			this.reader = fresh;
			return fresh;
		}
		catch (RocksDBException ex) {
			throw this.database.unreadable(ex);
		}
	}

	private StorageException notNow(Exception ex) {
		return new StorageException(Kind.UNAVAILABLE, "Topic " + this.topic + " in " + this.database.directory()
				+ " cannot be verified now: " + ex.getMessage(), ex);
	}

}
