package io.weir.spring;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;

import io.weir.client.MessageBuilder;
import io.weir.client.WeirException;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.message.SchemaException;
import io.weir.wire.ErrorCode;

/**
 * Publishes to any number of topics. There is one producer for each topic that was used
 * of late; they share a few streams of the connection
 * ({@link io.weir.client.ProducerBuilder#shareStreams}), so that consumers keep theirs.
 * What one thread sends to a topic is stored in the order sent, whatever the types of the
 * values, unless the producers were configured otherwise. That holds, too, when a
 * producer is closed since it was not used, and made again: it is only closed when all
 * that it has sent is stored.
 *
 * <pre class="code">
 * template.send("orders", order);                                     // returns when it is stored
 * CompletableFuture&lt;MessageId&gt; sent = template.sendAsync("orders", order);
 * template.message("orders", order).key(order.id()).send();
 * </pre>
 */
public final class WeirTemplate implements WeirOperations, AutoCloseable {

	private final ProducerCache producers;

	private final PayloadDefaults defaults;

	private final WeirSchemas schemas;

	private final @Nullable Requests requests;

	/**
	 * Creates a template with the defaults.
	 * @param producerFactory makes the producer for a topic
	 * @param schemas how values become payloads
	 */
	public WeirTemplate(WeirProducerFactory producerFactory, WeirSchemas schemas) {
		this(builder(producerFactory, schemas));
	}

	WeirTemplate(WeirTemplateBuilder builder) {
		this.producers = builder.producers();
		this.defaults = builder.defaults();
		this.schemas = builder.schemas();
		this.requests = builder.requests();
	}

	/**
	 * Begins a template with settings of its own.
	 * @param producerFactory makes the producer for a topic
	 * @param schemas how values become payloads
	 * @return what to add to and build
	 */
	public static WeirTemplateBuilder builder(WeirProducerFactory producerFactory, WeirSchemas schemas) {
		return new WeirTemplateBuilder(producerFactory, schemas);
	}

	@Override
	public MessageId send(String topic, @Nullable Object value) {
		return message(topic, value).send();
	}

	@Override
	public MessageId send(Object value) {
		return message(value).send();
	}

	@Override
	public CompletableFuture<MessageId> sendAsync(String topic, @Nullable Object value) {
		return message(topic, value).sendAsync();
	}

	@Override
	public CompletableFuture<MessageId> sendAsync(Object value) {
		return message(value).sendAsync();
	}

	@Override
	public CompletableFuture<MessageId> sendAfterCommit(String topic, @Nullable Object value) {
		return sendAfterCommit(message(topic, value));
	}

	@Override
	public CompletableFuture<MessageId> sendAfterCommit(MessageBuilder<?> message) {
		Objects.requireNonNull(message, "message");
		return AfterCommit.send(message);
	}

	@Override
	public MessageBuilder<Object> message(String topic, @Nullable Object value) {
		Objects.requireNonNull(topic, "topic");
		if (value instanceof Message<?> message) {
			TemplateMessage begun = new TemplateMessage(this.producers, topic, message.getPayload(), this.defaults);
			SpringHeaders.addTo(begun, message.getHeaders());
			return begun;
		}
		return new TemplateMessage(this.producers, topic, value, this.defaults);
	}

	@Override
	public MessageBuilder<Object> message(Object value) {
		Objects.requireNonNull(value, "value");
		String topic = (value instanceof Message<?> message) ? SpringHeaders.topic(message) : null;
		if (topic == null) {
			topic = this.defaults.topic((value instanceof Message<?> message) ? message.getPayload() : value);
		}
		return message(topic, value);
	}

	@Override
	public <R> R sendAndReceive(String topic, Object value, Class<R> replyType) {
		try {
			return sendAndReceiveAsync(topic, value, replyType).get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new WeirException(ErrorCode.INTERRUPTED, "Interrupted while waiting for the reply", ex);
		}
		catch (ExecutionException ex) {
			throw WeirException.from(ex);
		}
	}

	@Override
	public <R> CompletableFuture<R> sendAndReceiveAsync(String topic, Object value, Class<R> replyType) {
		Objects.requireNonNull(value, "value");
		return sendAndReceiveAsync(message(topic, value), replyType);
	}

	@Override
	public <R> CompletableFuture<R> sendAndReceiveAsync(MessageBuilder<?> request, Class<R> replyType) {
		Objects.requireNonNull(request, "request");
		Objects.requireNonNull(replyType, "replyType");
		Requests requests = this.requests;
		if (requests == null) {
			throw new IllegalStateException(
					"This template knows of no topic for replies; its builder needs to be told of one");
		}
		Schema<R> schema = this.schemas.of(replyType);
		return requests.send(request).thenApply((reply) -> decode(reply, schema));
	}

	private static <R> R decode(io.weir.message.Message<byte[]> reply, Schema<R> schema) {
		try {
			return schema.decode(ByteBuffer.wrap(reply.payload()).asReadOnlyBuffer(), reply.headers());
		}
		catch (SchemaException ex) {
			throw WeirException.from(ex);
		}
	}

	@Override
	public boolean cancelDelayed(String topic, MessageId id) {
		Objects.requireNonNull(topic, "topic");
		Objects.requireNonNull(id, "id");
		return this.producers.use(topic, (producer) -> producer.cancelDelayed(id));
	}

	/** Closes the producers side by side, and waits as their {@code close} does. */
	@Override
	public void close() {
		if (this.requests != null) {
			this.requests.close();
		}
		this.producers.close();
	}

}
