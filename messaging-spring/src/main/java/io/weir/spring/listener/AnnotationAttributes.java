package io.weir.spring.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

import io.weir.spring.Backoff;

/** Resolves what attributes of an annotation hold, and converts the result. */
final class AnnotationAttributes {

	static final String RECEIVER_QUEUE_SIZE = "receiver-queue-size";

	static final String RECEIVER_QUEUE_BYTES = "receiver-queue-bytes";

	static final String IDLE_EVENT_INTERVAL = "idle-event-interval";

	private final String annotation;

	private final ListenerExpressions expressions;

	private final NamedBeans beans;

	/**
	 * Creates it.
	 * @param annotation the annotation's name, for messages
	 */
	AnnotationAttributes(String annotation, ListenerExpressions expressions, NamedBeans beans) {
		this.annotation = annotation;
		this.expressions = expressions;
		this.beans = beans;
	}

	/** The attribute as text, or {@code null} if there is none. */
	@Nullable String text(String attribute) {
		Object value = this.expressions.resolve(attribute);
		String text = (value != null) ? value.toString().strip() : "";
		return text.isEmpty() ? null : text;
	}

	/** Each may hold several, separated by commas or as what an expression results in. */
	List<String> several(String... attributes) {
		List<String> values = new ArrayList<>();
		for (String attribute : attributes) {
			Object value = this.expressions.resolve(attribute);
			if (value instanceof Iterable<?> iterable) {
				iterable.forEach((each) -> values.add(String.valueOf(each)));
			}
			else if (value instanceof Object[] array) {
				Arrays.stream(array).map(String::valueOf).forEach(values::add);
			}
			else {
				values.addAll(StringUtils.commaDelimitedListToSet(String.valueOf(value)));
			}
		}
		return values.stream().map(String::strip).filter(StringUtils::hasText).distinct().toList();
	}

	/** What follows the keys, of which only these are allowed. */
	Map<String, String> properties(Set<String> allowed, String... attributes) {
		Map<String, String> properties = new HashMap<>();
		for (String attribute : attributes) {
			String text = text(attribute);
			String property = (text != null) ? text : "";
			String[] parts = property.split("=", 2);
			if (parts.length != 2 || !allowed.contains(parts[0].strip())) {
				throw new IllegalArgumentException("Listener property '" + property + "' is not known; allowed are "
						+ new TreeSet<>(allowed) + ", each followed by = and the value");
			}
			properties.put(parts[0].strip(), parts[1].strip());
		}
		return properties;
	}

	@Nullable Integer receiverQueueSize(Map<String, String> properties) {
		return number(RECEIVER_QUEUE_SIZE, properties.get(RECEIVER_QUEUE_SIZE));
	}

	@Nullable Long receiverQueueBytes(Map<String, String> properties) {
		DataSize size = parsed(RECEIVER_QUEUE_BYTES, properties.get(RECEIVER_QUEUE_BYTES), "a size, as 64MB",
				DataSize::parse);
		return (size != null) ? size.toBytes() : null;
	}

	@Nullable Duration idleEventInterval(Map<String, String> properties) {
		return duration(IDLE_EVENT_INTERVAL, properties.get(IDLE_EVENT_INTERVAL));
	}

	@Nullable Integer number(String name, @Nullable String value) {
		return parsed(name, value, "a whole number", Integer::valueOf);
	}

	@Nullable Duration duration(String name, @Nullable String value) {
		return parsed(name, value, "a duration, as 30s", (text) -> {
			if (Character.isDigit(text.charAt(text.length() - 1))) {
				throw new IllegalArgumentException("It has no unit");
			}
			return DurationFormatterUtils.detectAndParse(text);
		});
	}

	<T> @Nullable T parsed(String name, @Nullable String value, String allowed, Function<String, T> parser) {
		try {
			return (value != null && !value.isEmpty()) ? parser.apply(value) : null;
		}
		catch (IllegalArgumentException ex) {
			throw wrong(name, value, allowed, ex);
		}
	}

	@Nullable Boolean bool(String name, String attribute) {
		String value = text(attribute);
		if (value == null || value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")) {
			return (value != null) ? Boolean.valueOf(value) : null;
		}
		throw wrong(name, value, "true or false", null);
	}

	<E extends Enum<E>> @Nullable E constant(String name, String attribute, Class<E> type) {
		String value = text(attribute);
		try {
			return (value != null) ? Enum.valueOf(type, value.toUpperCase(Locale.ROOT).replace('-', '_')) : null;
		}
		catch (IllegalArgumentException ex) {
			throw wrong(name, value, "one of " + Arrays.toString(type.getEnumConstants()), ex);
		}
	}

	static NonRetryableFailures failures(Class<? extends Throwable>[] nonRetryable,
			Class<? extends Throwable>[] retryable) {
		return new NonRetryableFailures(Set.copyOf(Arrays.asList(nonRetryable)), Set.copyOf(Arrays.asList(retryable)));
	}

	ConsumerSettings.Backoff backoff(Backoff backoff) {
		return new ConsumerSettings.Backoff(duration("backoff.initial", text(backoff.initial())),
				parsed("backoff.multiplier", text(backoff.multiplier()), "a number", Double::valueOf),
				duration("backoff.max", text(backoff.max())));
	}

	/** The bean that the attribute names, or {@code null} if it names none. */
	<T> @Nullable T bean(String name, String attribute, Class<T> type) {
		String bean = text(attribute);
		return (bean != null) ? named(name, bean, type) : null;
	}

	private <T> T named(String name, String bean, Class<T> type) {
		try {
			return this.beans.get(bean, type);
		}
		catch (NoSuchBeanDefinitionException | BeanNotOfRequiredTypeException ex) {
			throw wrong(name, bean,
					"the name of a " + type.getSimpleName() + " bean, of which there are " + this.beans.names(type),
					ex);
		}
	}

	WeirListenerContainerFactory containerFactory(String attribute) {
		String bean = text(attribute);
		return named("containerFactory", (bean != null) ? bean : WeirListenerContainerFactory.DEFAULT_BEAN_NAME,
				WeirListenerContainerFactory.class);
	}

	IllegalArgumentException wrong(String name, @Nullable String value, String allowed, @Nullable Exception cause) {
		return new IllegalArgumentException(
				this.annotation + " has " + name + " '" + value + "'; it must be " + allowed, cause);
	}

}
