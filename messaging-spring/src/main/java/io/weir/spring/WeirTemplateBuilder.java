package io.weir.spring;

import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.weir.client.WeirClient;
import io.weir.message.Schema;
import io.weir.message.Topic;
import io.weir.time.DurationRange;

/** Configures and makes a {@link WeirTemplate}. Not for use by several threads. */
public final class WeirTemplateBuilder {

	private final WeirProducerFactory producerFactory;

	private final WeirSchemas schemas;

	private ProducerCacheSettings producerCache = ProducerCacheSettings.DEFAULTS;

	private ProducerCustomizer producerSettings = (topic, builder) -> {
	};

	private @Nullable String defaultTopic;

	private @Nullable Requests requests;

	private UnaryOperator<String> placeholders = UnaryOperator.identity();

	WeirTemplateBuilder(WeirProducerFactory producerFactory, WeirSchemas schemas) {
		this.producerFactory = Objects.requireNonNull(producerFactory, "producerFactory");
		this.schemas = Objects.requireNonNull(schemas, "schemas");
	}

	/**
	 * Sets how many producers are kept.
	 * @param settings {@link ProducerCacheSettings#DEFAULTS} by default
	 * @return this
	 */
	public WeirTemplateBuilder producerCache(ProducerCacheSettings settings) {
		this.producerCache = Objects.requireNonNull(settings, "settings");
		return this;
	}

	/**
	 * Sets what the producers do not leave to the defaults of their factory.
	 * @param settings called for each producer that is made
	 * @return this
	 */
	public WeirTemplateBuilder producerSettings(ProducerCustomizer settings) {
		this.producerSettings = Objects.requireNonNull(settings, "settings");
		return this;
	}

	/**
	 * Sets where messages go that are sent without a topic, and whose type has none.
	 * @param topic a name as {@link Topic} allows; {@code null}, which is the default, if
	 * such messages are to be refused
	 * @return this
	 * @throws IllegalArgumentException naming what is allowed
	 */
	public WeirTemplateBuilder defaultTopic(@Nullable String topic) {
		this.defaultTopic = (topic != null) ? Topic.named(topic).name() : null;
		return this;
	}

	/**
	 * Sets what resolves placeholders in {@link WeirMessage#topic()}.
	 * @param resolver given the text with placeholders, and returns it without
	 * @return this
	 */
	public WeirTemplateBuilder placeholders(UnaryOperator<String> resolver) {
		this.placeholders = Objects.requireNonNull(resolver, "resolver");
		return this;
	}

	/**
	 * Lets the template send requests, which it cannot by default.
	 * @param client reads the replies
	 * @param topic where replies come: a topic of its own for each instance of the
	 * application
	 * @param timeout how long to wait for a reply, from a millisecond to 365 days
	 * @return this
	 * @throws IllegalArgumentException naming what is allowed
	 */
	public WeirTemplateBuilder replies(WeirClient client, String topic, Duration timeout) {
		Objects.requireNonNull(client, "client");
		Objects.requireNonNull(topic, "topic");
		this.requests = new Requests(client, Topic.named(topic).name(),
				DurationRange.FROM_ONE_MILLISECOND.check("timeout", timeout));
		return this;
	}

	/**
	 * Makes the template.
	 * @return the template, to be closed by the caller, or with its client
	 */
	public WeirTemplate build() {
		return new WeirTemplate(this);
	}

	ProducerCache producers() {
		WeirProducerFactory factory = this.producerFactory;
		Schema<Object> schema = this.schemas.any();
		ProducerCustomizer settings = this.producerSettings;
		return new ProducerCache((topic) -> factory.createProducer(topic, schema, (name, builder) -> {
			builder.shareStreams(true);
			settings.customize(name, builder);
		}), this.producerCache);
	}

	@Nullable Requests requests() {
		return this.requests;
	}

	WeirSchemas schemas() {
		return this.schemas;
	}

	PayloadDefaults defaults() {
		return new PayloadDefaults(this.defaultTopic, this.placeholders);
	}

}
