package io.weir.client.hostile;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;

import io.weir.message.AccessMode;
import io.weir.message.Compression;
import io.weir.message.Headers;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.Position;
import io.weir.message.SubscriptionType;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;
import io.weir.wire.codec.BatchCompression;
import io.weir.wire.codec.BatchCompression.EncodedBatch;
import io.weir.wire.codec.FrameEncoder;
import io.weir.wire.codec.MessageBatch;

/** What a client can do to a broker. Each goes on for a while, and again and again. */
enum Attack {

	/** Answers that nobody reads. */
	FLOOD(64) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			QuicChannel connection = attacker.connect();
			List<QuicStreamChannel> streams = streams(connection, 16);
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
	PARTIAL(1024) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			for (long i = 1; going.test(i); i++) {
				QuicChannel connection = attacker.connect();
				for (QuicStreamChannel stream : streams(connection, 50)) {
					Attacker.write(stream, Attacker.beginning(1_000_000, 990_000));
				}
			}
		}
	},

	/** Frames that do not end, in a session. */
	PARTIAL_SESSION(1024) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			for (long i = 1; going.test(i); i++) {
				QuicChannel connection = session(attacker);
				for (QuicStreamChannel stream : streams(connection, 100)) {
					Attacker.write(stream, Attacker.beginning(1_000_000, 990_000));
				}
			}
		}
	},

	/** Handshakes that go nowhere: one datagram is heard, which asks for the address. */
	HALF_OPEN(1024) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			for (long i = 1; going.test(i) && i < 400; i++) {
				attacker.connectHalf(1);
			}
		}
	},

	/** Connections on which nothing is said. */
	SILENT(1024) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			for (long i = 1; going.test(i) && i < 400; i++) {
				attacker.connect();
			}
		}
	},

	/** Deliveries that are asked for and not read. */
	UNREAD(64) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			QuicStreamChannel stream = Attacker.openStream(session(attacker));
			for (long i = 1; stream != null && going.test(i); i++) {
				Attacker.write(stream, 2 * i, subscribe(i, "hostile " + i));
				Attacker.write(stream, 0, new Frame.Flow(i, Integer.MAX_VALUE));
			}
		}
	},

	/** Names, as many and as long as there may be. */
	NAMES(1024 * 1024) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			QuicStreamChannel stream = Attacker.openReadStream(session(attacker));
			for (long i = 1; stream != null && going.test(i); i++) {
				Attacker.write(stream, i,
						new Frame.OpenProducer(i, "topic-" + i % 50, i + "x".repeat(1000), -1, AccessMode.SHARED));
			}
		}
	},

	/** Topics, as many as there may be. */
	TOPICS(1024 * 1024) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			QuicStreamChannel stream = Attacker.openReadStream(session(attacker));
			for (long i = 1; stream != null && going.test(i) && i < 2000; i++) {
				Attacker.write(stream, i, new Frame.OpenProducer(i, "hostile-topic-" + i, null, -1, AccessMode.SHARED));
			}
		}
	},

	/** Batches that are small on the way and large when they are there. */
	BOMBS(1024 * 1024) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			QuicStreamChannel stream = Attacker.openReadStream(session(attacker));
			if (stream == null) {
				return;
			}
			Attacker.write(stream, 1, new Frame.OpenProducer(1, "hostile", null, -1, AccessMode.SHARED));
			EncodedBatch bomb = bomb();
			for (long i = 2; going.test(i); i++) {
				Attacker.write(stream, i,
						new Frame.Publish(1, i, 1, bomb.encoding(), bomb.bytes().retainedDuplicate()));
			}
			bomb.bytes().release();
		}
	},

	/** Much work for few bytes. */
	NACKS(1024) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			QuicStreamChannel stream = Attacker.openReadStream(session(attacker));
			if (stream == null) {
				return;
			}
			Attacker.write(stream, 1, subscribe(1, "hostile nacks"));
			List<MessageId> ids = new ArrayList<>();
			for (int i = 0; i < 16_000; i++) {
				ids.add(new MessageId(new Position(0, i), 0));
			}
			for (long i = 2; going.test(i); i++) {
				Attacker.write(stream, 0, new Frame.NegativeAcknowledge(1, ids));
			}
		}
	},

	/** Bytes that mean nothing. */
	NOISE(1024) {
		@Override
		void attack(Attacker attacker, LongPredicate going) {
			Random random = new Random(1);
			byte[] noise = new byte[1000];
			for (long i = 1; going.test(i); i++) {
				for (QuicStreamChannel stream : streams(attacker.connect(), 4)) {
					random.nextBytes(noise);
					Attacker.write(stream, Unpooled.copiedBuffer(noise));
				}
			}
		}
	};

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

	private static final int BOMB_BYTES = 60 * 1024 * 1024;

	private final long window;

	Attack(long window) {
		this.window = window;
	}

	/**
	 * Attacks for a while.
	 * @param end in {@link System#nanoTime()}'s terms
	 */
	void run(InetSocketAddress broker, long end) {
		String host = "127.0.1." + (ordinal() + 1);
		try (Attacker attacker = new Attacker(host, broker, this.window)) {
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
			QuicStreamChannel control = Attacker.openReadStream(connection);
			if (control != null) {
				Attacker.write(control, 1, new Frame.Connect("hostile", null));
			}
		}
		return connection;
	}

	private static List<QuicStreamChannel> streams(QuicChannel connection, int count) {
		List<QuicStreamChannel> streams = new ArrayList<>();
		for (int i = 0; connection != null && i < count; i++) {
			QuicStreamChannel stream = Attacker.openStream(connection);
			if (stream == null) {
				break;
			}
			streams.add(stream);
		}
		return streams;
	}

	private static Frame subscribe(long consumer, String subscription) {
		return new Frame.Subscribe(consumer, GoodClient.TOPIC, subscription, SubscriptionType.SHARED,
				InitialPosition.EARLIEST, "hostile", false);
	}

	private static ByteBuf pings(int count) {
		ByteBuf pings = Unpooled.buffer();
		for (int i = 1; i <= count; i++) {
			ByteBuf ping = FrameEncoder.encode(ByteBufAllocator.DEFAULT, i, new Frame.Ping(i));
			pings.writeBytes(ping);
			ping.release();
		}
		return pings;
	}

	private static EncodedBatch bomb() {
		ByteBuf zeros = Unpooled.wrappedBuffer(new byte[BOMB_BYTES]);
		ByteBuf batch = Unpooled.buffer(BOMB_BYTES + 64);
		MessageBatch.write(batch, new MessageRecord(null, null, Headers.empty(), zeros));
		return BatchCompression.compress(ByteBufAllocator.DEFAULT, Compression.ZSTD, batch);
	}

}
