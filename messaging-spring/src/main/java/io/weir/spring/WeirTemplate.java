package io.weir.spring;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import io.weir.client.MessageBuilder;
import io.weir.message.MessageId;

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

	/**
	 * Creates a template with the defaults.
	 * @param producerFactory makes the producer for a topic
	 * @param schemas how values become payloads
	 */
	public WeirTemplate(WeirProducerFactory producerFactory, WeirSchemas schemas) {
		this(producerFactory, schemas, ProducerCacheSettings.DEFAULTS);
	}

	/**
	 * Creates a template.
	 * @param producerFactory makes the producer for a topic
	 * @param schemas how values become payloads
	 * @param cache how many producers are kept
	 */
	public WeirTemplate(WeirProducerFactory producerFactory, WeirSchemas schemas, ProducerCacheSettings cache) {
		Objects.requireNonNull(producerFactory, "producerFactory");
		Objects.requireNonNull(schemas, "schemas");
		Objects.requireNonNull(cache, "cache");
		this.producers = new ProducerCache((topic) -> producerFactory.createProducer(topic, schemas.any(),
				(name, builder) -> builder.shareStreams(true)), cache);
	}

	@Override
	public MessageId send(String topic, Object value) {
		return message(topic, value).send();
	}

	@Override
	public CompletableFuture<MessageId> sendAsync(String topic, Object value) {
		return message(topic, value).sendAsync();
	}

	@Override
	public MessageBuilder<Object> message(String topic, Object value) {
		Objects.requireNonNull(topic, "topic");
		Objects.requireNonNull(value, "value");
		return new TemplateMessage(this.producers, topic, value);
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
		this.producers.close();
	}

}
