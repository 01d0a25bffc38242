package io.weir.broker.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

import io.weir.broker.store.TopicLog.StoredBatch;
import io.weir.message.Compression;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** Writes and reads for tests, and knows every buffer that it gave to a log. */
public final class StoreFixture {

	/** The epoch of that owner. */
	public static final long OWNER = 1;

	private final ConcurrentLinkedQueue<ByteBuf> given = new ConcurrentLinkedQueue<>();

	public static <T> T await(CompletionStage<T> stage) {
		try {
			return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof StorageException cause) {
				throw cause;
			}
			throw new AssertionError(ex);
		}
		catch (InterruptedException | TimeoutException ex) {
			throw new AssertionError(ex);
		}
	}

	/** Opens a log as the owner that the topic has in these tests. */
	public static OpenedLog opened(StorageEngine engine, String topic) {
		return await(engine.open(new Topic(topic), OWNER));
	}

	public static TopicLog open(StorageEngine engine, String topic) {
		return opened(engine, topic).log();
	}

	/** Opens a log to see what producers have stored. */
	public static Map<String, List<StoredBatch>> producers(OpenedLog opened) {
		Map<String, List<StoredBatch>> batches = new HashMap<>();
		opened.producers().forEach((name, producer) -> batches.put(name, producer.batches()));
		return batches;
	}

	public static EntryHeader header(String producer, long firstSequence, int count) {
		return header(producer, firstSequence, count, 1_700_000_000_000L + firstSequence);
	}

	/** Without the checksum, which {@link #sealed} adds. */
	public static EntryHeader header(String producer, long firstSequence, int count, long publishTime) {
		return new EntryHeader(producer, firstSequence, MessageIndexes.even(count, 10), publishTime,
				new BatchEncoding(Compression.NONE, 0, 0));
	}

	/** A header with the checksum of its batch. */
	public static EntryHeader sealed(EntryHeader header, byte[] batch) {
		BatchEncoding given = header.encoding();
		BatchEncoding encoding = BatchEncoding.plain(Unpooled.wrappedBuffer(batch));
		return new EntryHeader(header.producerName(), header.firstSequence(), header.index(), header.publishTime(),
				new BatchEncoding(given.compression(), given.uncompressedSize(), encoding.checksum()), header.before());
	}

	/** Bytes that depend on the seed. */
	public static byte[] bytes(long seed, int size) {
		byte[] bytes = new byte[size];
		new Random(seed).nextBytes(bytes);
		return bytes;
	}

	public static Position at(long entry) {
		return new Position(0, entry);
	}

	/** That everything up to a position is acknowledged, and nothing beyond. */
	public static CursorChange acknowledged(Position upTo) {
		return new CursorChange(upTo, upTo, Map.of(), Set.of(), Map.of());
	}

	/** Appends bytes as a slice of a larger buffer, as they come from the network. */
	public CompletionStage<Position> append(TopicLog log, EntryHeader header, byte[] bytes) {
		// Of a pool, it might be somebody else's when it is asked whether it was
		// released.
		ByteBuf buffer = Unpooled.directBuffer().writeLong(-1).writeBytes(bytes).writeLong(-1);
		this.given.add(buffer);
		return log.append(sealed(header, bytes), buffer.slice(Long.BYTES, bytes.length));
	}

	/**
	 * Appends messages of one producer, one an entry, numbered on from the sequence id.
	 */
	public List<Position> append(TopicLog log, String producer, long firstSequence, int entries) {
		List<CompletionStage<Position>> appended = new ArrayList<>();
		for (long sequence = firstSequence; sequence < firstSequence + entries; sequence++) {
			appended.add(append(log, header(producer, sequence, 1), bytes(sequence, 100)));
		}
		return appended.stream().map(StoreFixture::await).toList();
	}

	public static List<Read> read(TopicLog log, Position from, int maxEntries, int maxBytes) {
		return await(log.read(from, maxEntries, maxBytes)).stream().map((entry) -> {
			try {
				// As it was given: the log sets the ordinal.
				return new Read(entry.position(), entry.header().at(Extent.NONE),
						ByteBufUtil.hexDump(ByteBufUtil.getBytes(entry.batch())));
			}
			finally {
				entry.release();
				assertThat(entry.batch().refCnt()).as("released once").isNotNegative();
			}
		}).toList();
	}

	/** Reads on until there is nothing more. */
	public static List<Read> readAll(TopicLog log) {
		List<Read> all = new ArrayList<>();
		List<Read> some = read(log, Position.BEFORE_FIRST, 7, 64 * 1024);
		while (!some.isEmpty()) {
			all.addAll(some);
			Position last = all.get(all.size() - 1).position();
			some = read(log, new Position(last.segment(), last.entry() + 1), 1000, 64 * 1024);
		}
		return all;
	}

	/** Waits until what a thread was given is done. */
	public static void awaitEnd(ExecutorService thread) {
		try {
			assertThat(thread.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	/** To be called when the engine is closed. */
	public void assertAllReleased() {
		assertThat(this.given).allSatisfy((buffer) -> assertThat(buffer.refCnt()).isZero());
	}

	/** An entry that was read, its bytes in hexadecimal. */
	public record Read(Position position, EntryHeader header, String hex) {

		public static Read of(long entry, EntryHeader header, byte[] bytes) {
			return new Read(at(entry), sealed(header, bytes), ByteBufUtil.hexDump(bytes));
		}

	}

}
