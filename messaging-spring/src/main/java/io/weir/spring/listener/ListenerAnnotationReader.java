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

import org.jspecify.annotations.Nullable;

import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringUtils;

import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.spring.AckMode;
import io.weir.spring.WeirListener;

/** Reads an annotation: resolves placeholders and expressions and converts the result. */
final class ListenerAnnotationReader {

	private static final String RECEIVER_QUEUE_SIZE = "receiver-queue-size";

	private static final String IDLE_EVENT_INTERVAL = "idle-event-interval";

	private static final Set<String> PROPERTIES = Set.of(IDLE_EVENT_INTERVAL, RECEIVER_QUEUE_SIZE);

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

	WeirListenerEndpoint read(String defaultId, WeirMessageListener listener) {
		String id = Objects.requireNonNullElse(text(this.annotation.id()), defaultId);
		String subscription = text(this.annotation.subscription());
		if (subscription == null) {
			subscription = text(this.annotation.id());
		}
		if (subscription == null) {
			throw new IllegalArgumentException("Listener '" + id + "' needs a subscription, or at least an id");
		}
		Map<String, String> properties = properties();
		return new WeirListenerEndpoint(id, topics(), subscription,
				constant("subscriptionType", this.annotation.subscriptionType(), SubscriptionType.class),
				Objects.requireNonNullElse(
						constant("initialPosition", this.annotation.initialPosition(), InitialPosition.class),
						InitialPosition.LATEST),
				isBatch(), constant("ackMode", this.annotation.ackMode(), AckMode.class),
				number("concurrency", text(this.annotation.concurrency())),
				bool("autoStartup", this.annotation.autoStartup()),
				number(RECEIVER_QUEUE_SIZE, properties.get(RECEIVER_QUEUE_SIZE)),
				bean("errorHandler", this.annotation.errorHandler(), WeirErrorHandler.class), filtered(listener),
				text(this.annotation.group()), duration(properties.get(IDLE_EVENT_INTERVAL)));
	}

	private WeirMessageListener filtered(WeirMessageListener listener) {
		WeirMessageFilter filter = bean("filter", this.annotation.filter(), WeirMessageFilter.class);
		return (filter != null) ? new FilteredListener(listener, filter) : listener;
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
		try {
			return (value != null) ? Integer.valueOf(value) : null;
		}
		catch (NumberFormatException ex) {
			throw wrong(name, value, "a whole number", ex);
		}
	}

	private static @Nullable Duration duration(@Nullable String value) {
		try {
			if (value != null && StringUtils.hasText(value) && Character.isDigit(value.charAt(value.length() - 1))) {
				throw new IllegalArgumentException("It has no unit");
			}
			return (value != null) ? DurationFormatterUtils.detectAndParse(value) : null;
		}
		catch (IllegalArgumentException ex) {
			throw wrong(IDLE_EVENT_INTERVAL, value, "a duration, as 30s", ex);
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
