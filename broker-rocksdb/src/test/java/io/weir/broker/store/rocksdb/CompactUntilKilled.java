package io.weir.broker.store.rocksdb;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.runtime.Engine;
import io.weir.broker.policy.TopicPolicies;
import io.weir.broker.store.Durability;
import io.weir.broker.store.MessageIndex;
import io.weir.broker.store.MessageIndexBuilder;
import io.weir.message.AccessMode;
import io.weir.message.Headers;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Budgets;
import io.weir.wire.MessageRecord;
import io.weir.wire.Position;
import io.weir.wire.codec.MessageBatch;

/**
 * The process that {@link CompactionKillTest} kills: an engine with a topic that is
 * compacted, in which more and more is published, going on where the last one of its kind
 * was killed. Time goes by quickly. Writes to its output what was confirmed:
 * {@code stored <sequence>} and {@code removed <entry>}.
 */
final class CompactUntilKilled {

	static final String TOPIC = "t";

	static final int KEYS = 40;

	private static final int MESSAGES_PER_ENTRY = 2;

	private static final int IN_FLIGHT = 50;

	/** Worth a compaction. */
	private static final int WAVE_ENTRIES = 600;

	/** So much time goes by at once. */
	private static final long STEP_MILLIS = 500;

	private static final Peer PRODUCER = new Peer(1, 1);

	private static final OutputStream LEDGER = new FileOutputStream(FileDescriptor.out);

	private final AtomicLong now = new AtomicLong(System.currentTimeMillis());

	private final Map<Long, CompletableFuture<Effect>> answers = new ConcurrentHashMap<>();

	private final Semaphore permits = new Semaphore(IN_FLIGHT);

	private final Engine engine;

	private long requests;

	private CompactUntilKilled(RocksDbStorageEngine store, CompactionStep last, int times) {
		this.engine = new Engine(new DeadlyCompaction(last, times, CompactUntilKilled::removed).before(store), 2,
				this.now::get, Budgets.unlimited());
		this.engine.start(this::told);
		this.engine.policies().set(new Topic(TOPIC), TopicPolicies.builder().compaction(true).build());
	}

	/** Data directory, step, and which time that it is taken. */
	public static void main(String[] args) {
		System.setOut(System.err); // what is logged is not for the ledger
		new CompactUntilKilled(RocksDbStorageEngine.open(Path.of(args[0]), Durability.OS),
				CompactionStep.valueOf(args[1]), Integer.parseInt(args[2]))
			.run();
	}

	/** How to start it. */
	static ProcessBuilder process(Path directory, CompactionStep last, int times) {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
				// It has nothing to say, and starts sooner.
				"-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider", "-cp",
				System.getProperty("java.class.path"), CompactUntilKilled.class.getName(), directory.toString(),
				last.name(), Integer.toString(times))
			.redirectError(ProcessBuilder.Redirect.INHERIT);
	}

	/** Which key a message has: some come often, some seldom. */
	static int key(long sequence) {
		int mixed = Long.hashCode(sequence * 0x9E3779B97F4A7C15L) & 0xFFFF;
		return (mixed % 3 == 0) ? mixed % KEYS : mixed % 4;
	}

	private void run() {
		Effect opened = ask((to) -> new Command.OpenProducer(to, PRODUCER, "p", false, -1, AccessMode.SHARED)).join();
		long sequence = ((Effect.ProducerOpened) opened).lastSequence() + 1;
		for (int wave = 0;; wave++) {
			// Nothing that comes later hides what is lost, or the topic is compacted
			// while more comes.
			boolean quiet = wave % 2 == 0;
			for (int i = 0; i < WAVE_ENTRIES; i++) {
				publish(sequence);
				sequence += MESSAGES_PER_ENTRY;
				turnClock(quiet ? 0 : STEP_MILLIS);
			}
			if (quiet) {
				compact();
			}
		}
	}

	/** When all is stored, lets time go by until the topic was gone through. */
	private void compact() {
		this.permits.acquireUninterruptibly(IN_FLIGHT);
		this.permits.release(IN_FLIGHT);
		long before = passes();
		while (passes() == before) {
			turnClock(STEP_MILLIS);
		}
	}

	private void turnClock(long millis) {
		this.now.addAndGet(millis);
		this.engine.tick();
	}

	private long passes() {
		TopicSnapshot.Compaction compaction = this.engine.snapshot(new Topic(TOPIC))
			.toCompletableFuture()
			.join()
			.get(0)
			.space()
			.compaction();
		return (compaction != null) ? compaction.passes() : 0;
	}

	private void publish(long firstSequence) {
		this.permits.acquireUninterruptibly();
		ask((to) -> entry(to, firstSequence)).thenAccept((answer) -> {
			if (!(answer instanceof Effect.Stored)) {
				throw new IllegalStateException("Not stored: " + answer);
			}
			say("stored " + (firstSequence + MESSAGES_PER_ENTRY - 1));
			this.permits.release();
		});
	}

	private static Command entry(ReplyTo to, long firstSequence) {
		ByteBuf batch = Unpooled.buffer();
		MessageIndexBuilder index = MessageIndex.builder(MESSAGES_PER_ENTRY);
		for (int i = 0; i < MESSAGES_PER_ENTRY; i++) {
			int start = batch.writerIndex();
			long sequence = firstSequence + i;
			byte[] payload = Long.toString(sequence).getBytes(StandardCharsets.UTF_8);
			MessageBatch.write(batch, new MessageRecord(String.format(Locale.ROOT, "key %d", key(sequence)), null,
					Headers.empty(), Unpooled.wrappedBuffer(payload)));
			index.add(batch.writerIndex() - start, 0, MessageIndex.AT_ONCE, MessageIndex.NEVER);
		}
		return new Command.Publish(to, PRODUCER, firstSequence, index.build(), BatchEncoding.plain(batch), batch);
	}

	private CompletableFuture<Effect> ask(Function<ReplyTo, Command> command) {
		long request = ++this.requests;
		CompletableFuture<Effect> answer = new CompletableFuture<>();
		this.answers.put(request, answer);
		this.engine.submit(new Topic(TOPIC), command.apply(new ReplyTo(PRODUCER.session(), request)));
		return answer;
	}

	private void told(Effect.Telling effect) {
		if (effect instanceof Effect.Answer answer) {
			CompletableFuture<Effect> waiting = this.answers.remove(answer.to().ticket());
			if (waiting != null) {
				waiting.complete(answer);
			}
		}
	}

	private static void removed(Set<Position> entries) {
		entries.forEach((entry) -> say("removed " + entry.entry()));
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
