package io.weir.spring.listener;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.util.Assert;

import io.weir.message.Topic;
import io.weir.spring.WeirOperations;
import io.weir.spring.observation.WeirObservations;

/** Reads {@code @SendTo} of a listener method, or else of its class. */
final class SendToReader {

	private final ConfigurableBeanFactory beanFactory;

	SendToReader(ConfigurableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Finds out what becomes of what a method returns.
	 * @param type the bean's class
	 * @param expressions those on the bean
	 * @param template publishes, and is asked for with the first reply
	 * @throws IllegalStateException if the annotation is wrong, or nothing could publish
	 * @throws IllegalArgumentException if the name of a topic is wrong
	 */
	Replies of(Method method, Class<?> type, ListenerExpressions expressions, Supplier<WeirOperations> template) {
		SendTo annotation = AnnotatedElementUtils.findMergedAnnotation(method, SendTo.class);
		boolean own = annotation != null;
		if (annotation == null) {
			annotation = AnnotatedElementUtils.findMergedAnnotation(type, SendTo.class);
		}
		if (annotation != null) {
			Assert.state(!own || method.getReturnType() != void.class || KotlinDetector.isSuspendingFunction(method),
					"it has @SendTo, but returns nothing that could be sent");
			Assert.state(this.beanFactory.getBeanProvider(WeirOperations.class).getIfUnique() != null,
					"@SendTo needs a bean of type WeirOperations, the template; of several, one @Primary");
		}
		return new Replies("Listener method " + type.getName() + "." + method.getName(),
				topics(annotation, expressions), template,
				this.beanFactory.getBeanProvider(WeirObservations.class).getIfUnique(() -> WeirObservations.NOOP),
				isPlain(method));
	}

	private static boolean isPlain(Method method) {
		Class<?> returned = method.getReturnType();
		return !CompletionStage.class.isAssignableFrom(returned) && !Future.class.isAssignableFrom(returned)
				&& !KotlinDetector.isSuspendingFunction(method)
				&& ReactiveAdapterRegistry.getSharedInstance().getAdapter(returned) == null;
	}

	private List<String> topics(@Nullable SendTo annotation, ListenerExpressions expressions) {
		List<String> topics = new ArrayList<>();
		for (String attribute : (annotation != null) ? annotation.value() : new String[0]) {
			Object value = expressions.resolve(attribute);
			if (value instanceof String[] several) {
				topics.addAll(Arrays.asList(several));
			}
			else {
				topics.add(String.valueOf(value));
			}
		}
		topics.forEach((topic) -> Assert.state(isTopic(topic),
				() -> "@SendTo has '" + topic + "'; it must be a topic, 1 to " + Topic.MAX_LENGTH
						+ " characters, letters, digits and . _ - / : only," + " beginning with a letter or digit"));
		return topics;
	}

	private static boolean isTopic(String name) {
		try {
			new Topic(name);
			return true;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

}
