package io.weir.client.hostile;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;

import io.weir.message.AccessMode;
import io.weir.message.Compression;
import io.weir.message.Headers;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;
import io.weir.wire.codec.BatchCompression;
import io.weir.wire.codec.BatchCompression.EncodedBatch;
import io.weir.wire.codec.FrameEncoder;
import io.weir.wire.codec.MessageBatch;

/**
 * What a client can do to a broker. Each goes on for a while, and again and again; it
 * aims at some limits, one of which it has to meet.
 */
enum Attack {

	/** Answers that nobody reads. */
	FLOOD(64, BrokerLimit.OUTGOING_MEMORY_PER_STREAM, BrokerLimit.OUTGOING_MEMORY_PER_CONNECTION) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			List<QuicStreamChannel> streams = streams(attacker, session(attacker), 16);
			ByteBuf pings = pings(1000);
			for (long i = 1; going.test(i); i++) {
				for (QuicStreamChannel stream : streams) {
					Attacker.write(stream, pings.retainedDuplicate());
				}
			}
			pings.release();
		}
	},

	/** Frames that do not end, before anything was said. */
	PARTIAL(1024, BrokerLimit.STREAMS_BEFORE_CONNECT, BrokerLimit.INCOMING_MEMORY_BEFORE_CONNECT) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			ByteBuf beginning = Attacker.beginning(1_000_000, 990_000);
			for (long i = 1; going.test(i); i++) {
				QuicChannel connection = attacker.connect();
				for (QuicStreamChannel stream : streams(attacker, connection, 50)) {
					Attacker.write(stream, beginning.retainedDuplicate());
				}
			}
			beginning.release();
		}
	},

	/** Frames that do not end, in a session. */
	PARTIAL_SESSION(1024, BrokerLimit.INCOMING_MEMORY, BrokerLimit.INCOMING_MEMORY_PER_CONNECTION) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			ByteBuf beginning = Attacker.beginning(1_000_000, 990_000);
			for (long i = 1; going.test(i); i++) {
				QuicChannel connection = session(attacker);
				for (QuicStreamChannel stream : streams(attacker, connection, 100)) {
					Attacker.write(stream, beginning.retainedDuplicate());
				}
			}
			beginning.release();
		}
	},

	/** Handshakes that go nowhere: one datagram is heard, which asks for the address. */
	HALF_OPEN(1024, BrokerLimit.OPENING_CONNECTIONS, BrokerLimit.CONNECT_TIMEOUT) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			for (long i = 1; going.test(i) && i < 400; i++) {
				attacker.connectHalf(1);
			}
		}
	},

	/** Connections on which nothing is said. */
	SILENT(1024, BrokerLimit.OPENING_CONNECTIONS, BrokerLimit.CONNECT_TIMEOUT) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			for (long i = 1; going.test(i) && i < 400; i++) {
				attacker.connect();
			}
		}
	},

	/** Deliveries that are asked for and not read. */
	UNREAD(64, BrokerLimit.PENDING_ENTRIES, BrokerLimit.OUTGOING_MEMORY_PER_STREAM,
			BrokerLimit.OUTGOING_MEMORY_PER_CONNECTION) {

		private final AtomicLong readers = new AtomicLong();

		@Override
		void attack(Attacker attacker, LongPredicate going) {
			QuicStreamChannel stream = attacker.openStream(session(attacker));
			for (long i = 1; stream != null && going.test(i); i++) {
				Attacker.write(stream, 2 * i, subscribe(i, "hostile " + this.readers.incrementAndGet(), false));
				Attacker.write(stream, 0, new Frame.Flow(i, Integer.MAX_VALUE));
			}
		}
	},

	/** Names, as many and as long as there may be, new ones in each round. */
	NAMES(1024 * 1024, BrokerLimit.PRODUCER_NAMES, BrokerLimit.PRODUCER_NAMES_PER_TOPIC,
			BrokerLimit.PRODUCERS_PER_CONNECTION) {

		private final AtomicLong names = new AtomicLong();

		@Override
		void attack(Attacker attacker, LongPredicate going) {
			for (long i = 1; going.test(i); i++) {
				open(attacker, going, 12_000);
			}
		}

		private void open(Attacker attacker, LongPredicate going, int count) {
			QuicStreamChannel stream = readStream(attacker, session(attacker), Attacker.UNHEARD);
			for (long i = 1; stream != null && i < count && going.test(i); i += BATCH) {
				for (long id = i; id < i + BATCH; id++) {
					String name = this.names.incrementAndGet() + "x".repeat(1000);
					Attacker.write(stream, id,
							new Frame.OpenProducer(id, "topic-" + id % 50, name, -1, AccessMode.SHARED));
				}
			}
		}
	},

	/** Topics, as many as there may be, new ones in each round. */
	TOPICS(1024 * 1024, BrokerLimit.TOPICS, BrokerLimit.NEW_TOPICS_PER_ADDRESS) {

		private final AtomicLong topics = new AtomicLong();

		@Override
		void attack(Attacker attacker, LongPredicate going) {
			QuicStreamChannel stream = readStream(attacker, session(attacker), Attacker.UNHEARD);
			for (long i = 1; stream != null && going.test(i); i++) {
				Attacker.write(stream, i, new Frame.OpenProducer(i, "hostile-topic-" + this.topics.incrementAndGet(),
						null, -1, AccessMode.SHARED));
			}
		}
	},

	/** Batches that are small on the way and large when they are there. */
	BOMBS(1024 * 1024, BrokerLimit.REQUEST_MEMORY_PER_CONNECTION, BrokerLimit.INCOMING_MEMORY) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			QuicStreamChannel stream = readStream(attacker, session(attacker), Attacker.UNHEARD);
			if (stream == null) {
				return;
			}
			Attacker.write(stream, 1, new Frame.OpenProducer(1, "hostile", "bombs", -1, AccessMode.SHARED));
			EncodedBatch bomb = bomb();
			for (long i = 2; going.test(i); i++) {
				Attacker.write(stream, i,
						new Frame.Publish(1, i, 1, bomb.encoding(), bomb.bytes().retainedDuplicate()));
			}
			bomb.bytes().release();
		}
	},

	/** Much work for few bytes: messages that are given back as soon as they come. */
	NACKS(1024 * 1024, BrokerLimit.REQUEST_MEMORY_PER_CONNECTION, BrokerLimit.OUTGOING_MEMORY_PER_CONNECTION) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			Deque<MessageId> delivered = new ConcurrentLinkedDeque<>();
			attacker.onPush((frame) -> {
				if (frame instanceof Frame.Deliver deliver && delivered.size() < MOST_IDS) {
					delivered.add(deliver.position().message(0));
				}
			});
			QuicStreamChannel stream = readStream(attacker, session(attacker), Attacker.UNHEARD);
			if (stream == null) {
				return;
			}
			Attacker.write(stream, 1, subscribe(1, "hostile nacks", true));
			for (long i = 2; going.test(i); i++) {
				Attacker.write(stream, 0, new Frame.Flow(1, 1000));
				if (!delivered.isEmpty()) {
					Attacker.write(stream, 0, new Frame.NegativeAcknowledge(1, manyOf(List.copyOf(delivered))));
				}
			}
		}

		private List<MessageId> manyOf(List<MessageId> ids) {
			List<MessageId> many = new ArrayList<>();
			while (many.size() + ids.size() <= MOST_IDS) {
				many.addAll(ids);
			}
			return many;
		}
	},

	/** Bytes that mean nothing. */
	NOISE(1024) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			Random random = new Random(1);
			byte[] noise = new byte[1000];
			for (long i = 1; going.test(i); i++) {
				QuicChannel connection = attacker.connect();
				for (int n = 0; connection != null && n < 4; n++) {
					QuicStreamChannel stream = readStream(attacker, connection, Attacker.UNHEARD);
					random.nextBytes(noise);
					if (stream != null) {
						Attacker.write(stream, Unpooled.copiedBuffer(noise));
					}
				}
			}
		}
	};

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

	private static final int BOMB_BYTES = 60 * 1024 * 1024;

	/** Requests that are written without a pause. */
	private static final int BATCH = 20;

	/** Ids in an acknowledgement; more are not allowed. */
	private static final int MOST_IDS = 16_000;

	private final long window;

	private final Set<BrokerLimit> aims;

	private final Outcomes outcomes = new Outcomes();

	Attack(long window, BrokerLimit... aims) {
		this.window = window;
		this.aims = Set.of(aims);
	}

	/** The limits of which it has to meet one; none if it has to be refused otherwise. */
	Set<BrokerLimit> aims() {
		return this.aims;
	}

	/** What the broker has said so far. */
	Outcomes outcomes() {
		return this.outcomes;
	}

	/**
	 * Attacks for a while.
	 * @param end in {@link System#nanoTime()}'s terms
	 */
	void run(InetSocketAddress broker, long end) {
		String host = "127.0.1." + (ordinal() + 1);
		try (Attacker attacker = new Attacker(host, broker, this.window, this.outcomes)) {
			attack(attacker, (round) -> {
				LockSupport.parkNanos(PAUSE);
				return System.nanoTime() - end < 0;
			});
			while (System.nanoTime() - end < 0) {
				LockSupport.parkNanos(end - System.nanoTime());
			}
		}
	}

	/**
	 * Does it.
	 * @param going whether to go on, asked before each round
	 */
	abstract void attack(Attacker attacker, LongPredicate going);

	private static QuicChannel session(Attacker attacker) {
		QuicChannel connection = attacker.connect();
		if (connection != null) {
			QuicStreamChannel control = attacker.openReadStream(connection, Attacker.UNHEARD);
			if (control != null) {
				Attacker.write(control, 1, new Frame.Connect("hostile", null));
			}
		}
		return connection;
	}

	private static QuicStreamChannel readStream(Attacker attacker, QuicChannel connection, Consumer<Frame> heard) {
		return (connection != null) ? attacker.openReadStream(connection, heard) : null;
	}

	private static List<QuicStreamChannel> streams(Attacker attacker, QuicChannel connection, int count) {
		List<QuicStreamChannel> streams = new ArrayList<>();
		for (int i = 0; connection != null && i < count; i++) {
			QuicStreamChannel stream = attacker.openStream(connection);
			if (stream == null) {
				break;
			}
			streams.add(stream);
		}
		return streams;
	}

	private static Frame subscribe(long consumer, String subscription, boolean durable) {
		return new Frame.Subscribe(consumer, GoodClient.TOPIC, subscription, SubscriptionType.SHARED,
				InitialPosition.EARLIEST, "hostile", durable);
	}

	private static ByteBuf pings(int count) {
		ByteBuf pings = Attacker.COLLECTED.directBuffer();
		for (int i = 1; i <= count; i++) {
			ByteBuf ping = FrameEncoder.BASIC.encode(Attacker.COLLECTED, i, new Frame.Ping(i));
			pings.writeBytes(ping);
			ping.release();
		}
		return pings;
	}

	private static EncodedBatch bomb() {
		ByteBuf zeros = Unpooled.wrappedBuffer(new byte[BOMB_BYTES]);
		ByteBuf batch = Unpooled.buffer(BOMB_BYTES + 64);
		MessageBatch.write(batch, new MessageRecord(null, null, Headers.empty(), zeros));
		return BatchCompression.compress(Attacker.COLLECTED, Compression.ZSTD, batch);
	}

}
