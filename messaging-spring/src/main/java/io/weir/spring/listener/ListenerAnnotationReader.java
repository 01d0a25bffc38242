package io.weir.spring.listener;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanExpressionResolver;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.StringUtils;

import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.spring.AckMode;
import io.weir.spring.WeirListener;

/** Reads an annotation: resolves placeholders and expressions and converts the result. */
final class ListenerAnnotationReader {

	private static final String RECEIVER_QUEUE_SIZE = "receiver-queue-size";

	private final ConfigurableListableBeanFactory beanFactory;

	/** Error handlers and container factories. */
	private final Set<String> named = new HashSet<>();

	ListenerAnnotationReader(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	boolean isBatch(WeirListener annotation) {
		return Boolean.TRUE.equals(bool("batch", annotation.batch()));
	}

	WeirListenerEndpoint read(WeirListener annotation, String defaultId, WeirMessageListener listener) {
		String id = Objects.requireNonNullElse(text(annotation.id()), defaultId);
		String subscription = text(annotation.subscription());
		if (subscription == null) {
			subscription = text(annotation.id());
		}
		if (subscription == null) {
			throw new IllegalArgumentException("Listener '" + id + "' needs a subscription, or at least an id");
		}
		String errorHandler = text(annotation.errorHandler());
		return new WeirListenerEndpoint(id, topics(annotation), subscription,
				constant("subscriptionType", annotation.subscriptionType(), SubscriptionType.class),
				Objects.requireNonNullElse(
						constant("initialPosition", annotation.initialPosition(), InitialPosition.class),
						InitialPosition.LATEST),
				isBatch(annotation), constant("ackMode", annotation.ackMode(), AckMode.class),
				number("concurrency", annotation.concurrency()), bool("autoStartup", annotation.autoStartup()),
				receiverQueueSize(annotation),
				(errorHandler != null) ? bean("errorHandler", errorHandler, WeirErrorHandler.class) : null, listener);
	}

	WeirListenerContainerFactory containerFactory(WeirListener annotation) {
		return bean("containerFactory", Objects.requireNonNullElse(text(annotation.containerFactory()),
				WeirListenerContainerFactory.DEFAULT_BEAN_NAME), WeirListenerContainerFactory.class);
	}

	/** By name only: a bean that was meant for one listener must not serve the others. */
	private <T> T bean(String attribute, String name, Class<T> type) {
		this.named.add(name);
		try {
			return this.beanFactory.getBean(name, type);
		}
		catch (NoSuchBeanDefinitionException | BeanNotOfRequiredTypeException ex) {
			throw wrong(attribute, name, "the name of a " + type.getSimpleName() + " bean, of which there are "
					+ Arrays.toString(this.beanFactory.getBeanNamesForType(type, true, false)), ex);
		}
	}

	/**
	 * The beans of a type that no listener has named and that are not the one for all.
	 */
	List<String> unused(Class<?> type, String defaultName) {
		return Arrays.stream(this.beanFactory.getBeanNamesForType(type, true, false))
			.filter((name) -> !name.equals(defaultName) && !this.named.contains(name))
			.toList();
	}

	private List<String> topics(WeirListener annotation) {
		List<String> topics = new ArrayList<>();
		for (String attribute : annotation.topics()) {
			Object value = resolve(attribute);
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

	private @Nullable Integer receiverQueueSize(WeirListener annotation) {
		Integer size = null;
		for (String attribute : annotation.properties()) {
			String property = Objects.requireNonNullElse(text(attribute), "");
			String[] parts = property.split("=", 2);
			if (parts.length != 2 || !parts[0].strip().equals(RECEIVER_QUEUE_SIZE)) {
				throw new IllegalArgumentException(
						"Listener property '" + property + "' is not known; allowed is " + RECEIVER_QUEUE_SIZE + "=…");
			}
			size = number(RECEIVER_QUEUE_SIZE, parts[1]);
		}
		return size;
	}

	private @Nullable Integer number(String name, String attribute) {
		String value = text(attribute);
		try {
			return (value != null) ? Integer.valueOf(value) : null;
		}
		catch (NumberFormatException ex) {
			throw wrong(name, value, "a whole number", ex);
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

	private static IllegalArgumentException wrong(String name, @Nullable String value, String allowed,
			@Nullable Exception cause) {
		return new IllegalArgumentException("@WeirListener has " + name + " '" + value + "'; it must be " + allowed,
				cause);
	}

	/** The attribute as text, or {@code null} if there is none. */
	private @Nullable String text(String attribute) {
		Object value = resolve(attribute);
		String text = (value != null) ? value.toString().strip() : "";
		return text.isEmpty() ? null : text;
	}

	private @Nullable Object resolve(String attribute) {
		String value = this.beanFactory.resolveEmbeddedValue(attribute);
		BeanExpressionResolver resolver = this.beanFactory.getBeanExpressionResolver();
		return (resolver != null) ? resolver.evaluate(value, new BeanExpressionContext(this.beanFactory, null)) : value;
	}

}
