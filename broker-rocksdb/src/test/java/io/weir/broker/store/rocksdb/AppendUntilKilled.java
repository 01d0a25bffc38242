package io.weir.broker.store.rocksdb;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;

import io.netty.buffer.Unpooled;
import org.rocksdb.RocksDB;

import io.weir.broker.store.CursorStore;
import io.weir.broker.store.Durability;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.TopicLog.StoredBatch;
import io.weir.broker.store.TopicLog;
import io.weir.message.SubscriptionType;
import io.weir.wire.Position;

/**
 * The process that {@link RocksDbKillTest} kills: appends to two topics, going on where
 * the last one of its kind was killed, acknowledges what it appended and writes to its
 * output, after {@link #OPENING}, what was confirmed:
 * {@code entry <topic> <entry> <sequence>} and {@code cursor <topic> <entry>}.
 */
final class AppendUntilKilled {

	/** The first line: from now on it recovers from the kill before. */
	static final String OPENING = "opening";

	static final List<String> TOPICS = List.of("t", "t/2");

	private static final OutputStream LEDGER = new FileOutputStream(FileDescriptor.out);

	private static final int IN_FLIGHT = 100;

	private final TopicLog log;

	private final Semaphore permits = new Semaphore(IN_FLIGHT);

	private long sequence;

	private AppendUntilKilled(OpenedLog opened) {
		this.log = opened.log();
		List<StoredBatch> stored = StoreFixture.producers(opened).getOrDefault("p", List.of());
		this.sequence = stored.isEmpty() ? 0 : stored.get(stored.size() - 1).firstSequence() + 1;
		if (opened.cursors().isEmpty()) {
			StoreFixture.await(this.log.cursors().create("s", SubscriptionType.SHARED, Position.BEFORE_FIRST));
		}
	}

	public static void main(String[] args) {
		System.setOut(System.err); // what is logged is not for the ledger
		RocksDB.loadLibrary();
		say(OPENING);
		RocksDbStorageEngine engine = RocksDbStorageEngine.open(Path.of(args[0]), Durability.valueOf(args[1]));
		List<AppendUntilKilled> topics = TOPICS.stream()
			.map((topic) -> new AppendUntilKilled(StoreFixture.opened(engine, topic)))
			.toList();
		while (true) {
			topics.forEach(AppendUntilKilled::append);
		}
	}

	/** How to start it. */
	static ProcessBuilder process(Path directory, Durability durability) {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
				// It has nothing to say, and starts sooner.
				"-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider", "-cp",
				System.getProperty("java.class.path"), AppendUntilKilled.class.getName(), directory.toString(),
				durability.name())
			.redirectError(ProcessBuilder.Redirect.INHERIT);
	}

	static EntryHeader header(long sequence) {
		return StoreFixture.header("p", sequence, 1);
	}

	static byte[] content(String topic, long sequence) {
		return StoreFixture.bytes(topic.hashCode() + sequence, (int) (sequence % 2000));
	}

	/** One entry; says where it is stored. */
	static Position append(OpenedLog opened) {
		byte[] content = content(opened.log().topic().name(), 0);
		return StoreFixture
			.await(opened.log().append(StoreFixture.sealed(header(0), content), Unpooled.wrappedBuffer(content)));
	}

	private void append() {
		this.permits.acquireUninterruptibly();
		long sequence = this.sequence++;
		byte[] content = content(topic(), sequence);
		this.log.append(StoreFixture.sealed(header(sequence), content), Unpooled.wrappedBuffer(content))
			.thenAccept((position) -> appended(position, sequence));
	}

	private void appended(Position position, long sequence) {
		say("entry " + topic() + " " + position.entry() + " " + sequence);
		CursorStore cursors = this.log.cursors();
		cursors.acknowledge("s", StoreFixture.acknowledged(position)).thenRun(() -> {
			say("cursor " + topic() + " " + position.entry());
			this.permits.release();
		});
	}

	private String topic() {
		return this.log.topic().name();
	}

	private static void say(String line) {
		try {
			// One write for the line, so that none is torn.
			LEDGER.write((line + "\n").getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
