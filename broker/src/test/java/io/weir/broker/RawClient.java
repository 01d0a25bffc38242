package io.weir.broker;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import io.weir.message.AccessMode;
import io.weir.message.Headers;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.RequestStream;
import io.weir.transport.StreamHandler;
import io.weir.transport.TransportOptions;
import io.weir.transport.quic.QuicTransport;
import io.weir.transport.tls.ClientTls;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;
import io.weir.wire.codec.MessageBatch;

/** A client that says frames one by one, over real QUIC. */
final class RawClient implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final QuicTransport transport = QuicTransport.create(TransportOptions.DEFAULTS, "raw-client");

	private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

	private final BlockingQueue<Frame> pushed = new LinkedBlockingQueue<>();

	/** How many deliveries came on streams that the broker opened, by stream. */
	private final Map<Long, Integer> onBrokerStreams = new ConcurrentHashMap<>();

	private final Connection connection;

	private final RequestStream control;

	private final RequestStream stream;

	RawClient(Broker broker) {
		this(broker.address(), broker.certificateFingerprint());
	}

	RawClient(InetSocketAddress address, String fingerprint) {
		this.connection = join(this.transport.connect(address, ClientTls.pinned(fingerprint), this::brokerStream));
		this.control = join(RequestStream.openControl(this.connection));
		this.control.onPush(this.pushed::add);
		this.stream = openStream();
	}

	static RawClient connect(Broker broker) {
		return connect(broker.address(), broker.certificateFingerprint());
	}

	static RawClient connect(InetSocketAddress address, String fingerprint) {
		RawClient client = new RawClient(address, fingerprint);
		Frame.Connected answer = (Frame.Connected) client.ask(client.control, new Frame.Connect("raw", null));
		client.connection.peerKnows(answer.features());
		return client;
	}

	RequestStream openStream() {
		RequestStream opened = join(RequestStream.open(this.connection));
		opened.onPush(this::pushed);
		return opened;
	}

	Connection connection() {
		return this.connection;
	}

	RequestStream control() {
		return this.control;
	}

	RequestStream stream() {
		return this.stream;
	}

	/** Asks on the client's stream. */
	Frame ask(Frame request) {
		return ask(this.stream, request);
	}

	Frame ask(RequestStream on, Frame request) {
		return join(on.request(request, TIMEOUT));
	}

	Frame.ProducerOpened openProducer(long id, String topic, String name, long epoch) {
		return (Frame.ProducerOpened) ask(new Frame.OpenProducer(id, topic, name, epoch, AccessMode.SHARED));
	}

	Frame.Receipt publish(long producer, long firstSequence, String... messages) {
		return (Frame.Receipt) ask(new Frame.Publish(producer, firstSequence, messages.length, batch(messages)));
	}

	/** Publishes a batch of messages with different keys, which the texts begin with. */
	void publishKeyed(long producer, long firstSequence, int keys) {
		ByteBuf batch = Unpooled.buffer();
		for (int i = 0; i < keys; i++) {
			String key = "key " + i;
			ByteBuf payload = Unpooled.copiedBuffer(key + ", round " + firstSequence / keys, StandardCharsets.UTF_8);
			MessageBatch.write(batch, new MessageRecord(key, null, Headers.empty(), payload));
			payload.release();
		}
		ask(new Frame.Publish(producer, firstSequence, keys, batch));
	}

	void subscribe(long id, String topic, String subscription, int permits) {
		ask(new Frame.Subscribe(id, topic, subscription, SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST, "raw",
				true));
		this.stream.send(new Frame.Flow(id, permits));
	}

	void subscribe(long id, String topic, String subscription, SubscriptionType type, int permits) {
		ask(new Frame.Subscribe(id, topic, subscription, type, InitialPosition.EARLIEST, "raw", true));
		this.stream.send(new Frame.Flow(id, permits));
	}

	/** Subscribes with others on the same subscription, on the client's stream. */
	void share(long id, String topic, String subscription, int permits) {
		ask(new Frame.Subscribe(id, topic, subscription, SubscriptionType.SHARED, InitialPosition.EARLIEST, "raw",
				true));
		this.stream.send(new Frame.Flow(id, permits));
	}

	/** How many deliveries came on streams that the broker opened, by stream. */
	Map<Long, Integer> onBrokerStreams() {
		return this.onBrokerStreams;
	}

	void acknowledge(long consumer, MessageId... ids) {
		ask(new Frame.Acknowledge(consumer, List.of(ids)));
	}

	/** The next message delivered. */
	Received receive() {
		Received next = poll(this.received);
		if (next == null) {
			throw new AssertionError("No message came");
		}
		return next;
	}

	List<String> receive(int count) {
		List<String> texts = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			texts.add(receive().text());
		}
		return texts;
	}

	int receivedSoFar() {
		return this.received.size();
	}

	boolean hasReceivedMore() {
		return !this.received.isEmpty();
	}

	/** The next frame that was pushed, but for deliveries. */
	Frame pushed() {
		return poll(this.pushed);
	}

	@Override
	public void close() {
		this.connection.close(ErrorCode.NONE, "done").toCompletableFuture().join();
		this.transport.close();
	}

	private StreamHandler brokerStream(FrameStream opened) {
		return (stream, requestId, frame) -> {
			if (frame instanceof Frame.Ping ping) {
				stream.write(requestId, new Frame.Pong(ping.nonce()));
				return;
			}
			this.onBrokerStreams.merge(stream.id(), 1, Integer::sum);
			pushed(frame);
		};
	}

	private void pushed(Frame frame) {
		if (frame instanceof Frame.Deliver deliver) {
			boolean intact = deliver.encoding().matches(deliver.batch());
			List<MessageRecord> records = MessageBatch.read(deliver.batch(), deliver.count());
			BitSet passOver = deliver.acknowledged();
			for (int i = 0; i < records.size(); i++) {
				if (!passOver.get(i)) {
					this.received.add(new Received(deliver.position().message(deliver.firstIndex() + i),
							intact ? records.get(i).payload().toString(StandardCharsets.UTF_8) : "damaged",
							deliver.redeliveryCount()));
				}
			}
		}
		else {
			this.pushed.add(frame);
		}
		frame.release();
	}

	static ByteBuf batch(String... messages) {
		ByteBuf batch = Unpooled.buffer();
		for (String message : messages) {
			ByteBuf payload = Unpooled.copiedBuffer(message, StandardCharsets.UTF_8);
			MessageBatch.write(batch, new MessageRecord(null, null, Headers.empty(), payload));
			payload.release();
		}
		return batch;
	}

	private static <T> T poll(BlockingQueue<T> queue) {
		try {
			return queue.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static <T> T join(CompletionStage<T> stage) {
		try {
			return stage.toCompletableFuture().orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof RuntimeException cause) {
				throw cause;
			}
			throw ex;
		}
	}

	/** A message as it was delivered. */
	record Received(MessageId id, String text, int redeliveryCount) {
	}

}
