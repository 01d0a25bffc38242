package io.weir.spring.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.spring.AckMode;
import io.weir.spring.Backoff;
import io.weir.spring.DeadLetter;
import io.weir.spring.WeirListener;

/** Reads an annotation: resolves placeholders and expressions and converts the result. */
final class ListenerAnnotationReader {

	private static final String RECEIVER_QUEUE_SIZE = "receiver-queue-size";

	private static final String RECEIVER_QUEUE_BYTES = "receiver-queue-bytes";

	private static final String ACK_TIMEOUT = "ack-timeout";

	private static final String ACKNOWLEDGEMENT_DELAY = "acknowledgement-delay";

	private static final String IDLE_EVENT_INTERVAL = "idle-event-interval";

	private static final Set<String> PROPERTIES = Set.of(RECEIVER_QUEUE_SIZE, RECEIVER_QUEUE_BYTES, ACK_TIMEOUT,
			ACKNOWLEDGEMENT_DELAY, IDLE_EVENT_INTERVAL);

	private final WeirListener annotation;

	private final ListenerExpressions expressions;

	private final NamedBeans beans;

	ListenerAnnotationReader(WeirListener annotation, ListenerExpressions expressions, NamedBeans beans) {
		this.annotation = annotation;
		this.expressions = expressions;
		this.beans = beans;
	}

	boolean isBatch() {
		return Boolean.TRUE.equals(bool("batch", this.annotation.batch()));
	}

	WeirListenerEndpointBuilder read(String defaultId, WeirMessageListener listener) {
		String id = Objects.requireNonNullElse(text(this.annotation.id()), defaultId);
		String subscription = text(this.annotation.subscription());
		if (subscription == null) {
			subscription = text(this.annotation.id());
		}
		if (subscription == null) {
			throw new IllegalArgumentException("Listener '" + id + "' needs a subscription, or at least an id");
		}
		Map<String, String> properties = properties();
		WeirListenerEndpointBuilder builder = WeirListenerEndpoint.builder(id)
			.topics(topics().toArray(String[]::new))
			.subscription(subscription)
			.batch(isBatch())
			.listener(listener)
			.consumer(consumer(properties));
		set(text(this.annotation.client()), builder::client);
		set(constant("subscriptionType", this.annotation.subscriptionType(), SubscriptionType.class),
				builder::subscriptionType);
		set(constant("initialPosition", this.annotation.initialPosition(), InitialPosition.class),
				builder::initialPosition);
		set(constant("ackMode", this.annotation.ackMode(), AckMode.class), builder::ackMode);
		set(number("concurrency", text(this.annotation.concurrency())), builder::concurrency);
		set(number("keyConcurrency", text(this.annotation.keyConcurrency())), builder::keyConcurrency);
		set(bool("autoStartup", this.annotation.autoStartup()), builder::autoStartup);
		set(bean("errorHandler", this.annotation.errorHandler(), WeirErrorHandler.class), builder::errorHandler);
		builder.nonRetryable(new NonRetryableFailures(Set.copyOf(Arrays.asList(this.annotation.nonRetryable())),
				Set.copyOf(Arrays.asList(this.annotation.retryable()))));
		set(bean("filter", this.annotation.filter(), WeirMessageFilter.class), builder::filter);
		set(text(this.annotation.group()), builder::group);
		set(duration(IDLE_EVENT_INTERVAL, properties.get(IDLE_EVENT_INTERVAL)), builder::idleEventInterval);
		return builder;
	}

	private static <T> void set(@Nullable T value, Consumer<T> setter) {
		if (value != null) {
			setter.accept(value);
		}
	}

	private ConsumerSettings consumer(Map<String, String> properties) {
		DeadLetter deadLetter = this.annotation.deadLetter();
		Backoff backoff = this.annotation.backoff();
		DataSize receiverQueueBytes = parsed(RECEIVER_QUEUE_BYTES, properties.get(RECEIVER_QUEUE_BYTES),
				"a size, as 64MB", DataSize::parse);
		return new ConsumerSettings(number(RECEIVER_QUEUE_SIZE, properties.get(RECEIVER_QUEUE_SIZE)),
				(receiverQueueBytes != null) ? receiverQueueBytes.toBytes() : null,
				duration(ACK_TIMEOUT, properties.get(ACK_TIMEOUT)),
				duration(ACKNOWLEDGEMENT_DELAY, properties.get(ACKNOWLEDGEMENT_DELAY)),
				new ConsumerSettings.DeadLetters(bool("deadLetter.enabled", deadLetter.enabled()),
						text(deadLetter.topic()),
						number("deadLetter.maxRedeliveries", text(deadLetter.maxRedeliveries()))),
				new ConsumerSettings.Backoff(duration("backoff.initial", text(backoff.initial())),
						parsed("backoff.multiplier", text(backoff.multiplier()), "a number", Double::valueOf),
						duration("backoff.max", text(backoff.max()))));
	}

	WeirListenerContainerFactory containerFactory() {
		return this.beans.get("containerFactory", Objects.requireNonNullElse(text(this.annotation.containerFactory()),
				WeirListenerContainerFactory.DEFAULT_BEAN_NAME), WeirListenerContainerFactory.class);
	}

	private <T> @Nullable T bean(String attribute, String value, Class<T> type) {
		String name = text(value);
		return (name != null) ? this.beans.get(attribute, name, type) : null;
	}

	private List<String> topics() {
		List<String> topics = new ArrayList<>();
		for (String attribute : this.annotation.topics()) {
			Object value = this.expressions.resolve(attribute);
			if (value instanceof Iterable<?> several) {
				several.forEach((topic) -> topics.add(String.valueOf(topic)));
			}
			else if (value instanceof Object[] several) {
				Arrays.stream(several).map(String::valueOf).forEach(topics::add);
			}
			else {
				topics.addAll(StringUtils.commaDelimitedListToSet(String.valueOf(value)));
			}
		}
		return topics.stream().map(String::strip).filter(StringUtils::hasText).distinct().toList();
	}

	private Map<String, String> properties() {
		Map<String, String> properties = new HashMap<>();
		for (String attribute : this.annotation.properties()) {
			String property = Objects.requireNonNullElse(text(attribute), "");
			String[] parts = property.split("=", 2);
			if (parts.length != 2 || !PROPERTIES.contains(parts[0].strip())) {
				throw new IllegalArgumentException("Listener property '" + property + "' is not known; allowed are "
						+ new TreeSet<>(PROPERTIES) + ", each followed by = and the value");
			}
			properties.put(parts[0].strip(), parts[1].strip());
		}
		return properties;
	}

	private static @Nullable Integer number(String name, @Nullable String value) {
		return parsed(name, value, "a whole number", Integer::valueOf);
	}

	private static @Nullable Duration duration(String name, @Nullable String value) {
		return parsed(name, value, "a duration, as 30s", (text) -> {
			if (Character.isDigit(text.charAt(text.length() - 1))) {
				throw new IllegalArgumentException("It has no unit");
			}
			return DurationFormatterUtils.detectAndParse(text);
		});
	}

	private static <T> @Nullable T parsed(String name, @Nullable String value, String allowed,
			Function<String, T> parser) {
		try {
			return (value != null && !value.isEmpty()) ? parser.apply(value) : null;
		}
		catch (IllegalArgumentException ex) {
			throw wrong(name, value, allowed, ex);
		}
	}

	private @Nullable Boolean bool(String name, String attribute) {
		String value = text(attribute);
		if (value == null || value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")) {
			return (value != null) ? Boolean.valueOf(value) : null;
		}
		throw wrong(name, value, "true or false", null);
	}

	private <E extends Enum<E>> @Nullable E constant(String name, String attribute, Class<E> type) {
		String value = text(attribute);
		try {
			return (value != null) ? Enum.valueOf(type, value.toUpperCase(Locale.ROOT).replace('-', '_')) : null;
		}
		catch (IllegalArgumentException ex) {
			throw wrong(name, value, "one of " + Arrays.toString(type.getEnumConstants()), ex);
		}
	}

	static IllegalArgumentException wrong(String name, @Nullable String value, String allowed,
			@Nullable Exception cause) {
		return new IllegalArgumentException("@WeirListener has " + name + " '" + value + "'; it must be " + allowed,
				cause);
	}

	/** The attribute as text, or {@code null} if there is none. */
	private @Nullable String text(String attribute) {
		Object value = this.expressions.resolve(attribute);
		String text = (value != null) ? value.toString().strip() : "";
		return text.isEmpty() ? null : text;
	}

}
