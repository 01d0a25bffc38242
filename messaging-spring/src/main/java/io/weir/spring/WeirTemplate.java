package io.weir.spring;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import io.weir.client.MessageBuilder;
import io.weir.client.Producer;
import io.weir.message.MessageId;

/**
 * Publishes through one producer for each topic, made when the topic is first used and
 * kept until the template is closed. So what one thread sends to a topic is stored in the
 * order sent, whatever the types of the values, unless the producers were configured
 * otherwise.
 *
 * <pre class="code">
 * template.send("orders", order);                                     // returns when it is stored
 * CompletableFuture&lt;MessageId&gt; sent = template.sendAsync("orders", order);
 * template.message("orders", order).key(order.id()).send();
 * </pre>
 */
public final class WeirTemplate implements WeirOperations, AutoCloseable {

	private final WeirProducerFactory producerFactory;

	private final WeirSchemas schemas;

	private final Map<String, Producer<Object>> producers = new ConcurrentHashMap<>();

	/**
	 * Creates the template.
	 * @param producerFactory makes the producer for a topic
	 * @param schemas how values become payloads
	 */
	public WeirTemplate(WeirProducerFactory producerFactory, WeirSchemas schemas) {
		this.producerFactory = Objects.requireNonNull(producerFactory, "producerFactory");
		this.schemas = Objects.requireNonNull(schemas, "schemas");
	}

	@Override
	public MessageId send(String topic, Object value) {
		return producer(topic, value).send(value);
	}

	@Override
	public CompletableFuture<MessageId> sendAsync(String topic, Object value) {
		return producer(topic, value).sendAsync(value);
	}

	@Override
	public MessageBuilder<Object> message(String topic, Object value) {
		return producer(topic, value).message(value);
	}

	@Override
	public boolean cancelDelayed(String topic, MessageId id) {
		Objects.requireNonNull(id, "id");
		return producer(topic).cancelDelayed(id);
	}

	private Producer<Object> producer(String topic, Object value) {
		Objects.requireNonNull(value, "value");
		return producer(topic);
	}

	private Producer<Object> producer(String topic) {
		Objects.requireNonNull(topic, "topic");
		return this.producers.computeIfAbsent(topic,
				(name) -> this.producerFactory.createProducer(name, this.schemas.any()));
	}

	/** Closes the producers side by side, and waits as {@link Producer#close()} does. */
	@Override
	public void close() {
		List<CompletableFuture<Void>> closed = this.producers.values().stream().map(Producer::closeAsync).toList();
		closed.forEach(CompletableFuture::join);
	}

}
