package io.weir.spring;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.Expression;
import org.springframework.expression.ParserContext;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.SimpleEvaluationContext;
import org.springframework.util.ClassUtils;

/**
 * Where messages go, and what their key is, unless whoever sends them says so: what
 * {@link WeirMessage} says of their payload's class. Safe to use from any thread.
 */
final class PayloadDefaults {

	private static final Rules NONE = new Rules(null, null);

	private final Map<Class<?>, Rules> rules = new ConcurrentHashMap<>();

	private final SpelExpressionParser parser = new SpelExpressionParser();

	private final EvaluationContext context = SimpleEvaluationContext.forReadOnlyDataBinding()
		.withInstanceMethods()
		.build();

	private final @Nullable String topic;

	private final UnaryOperator<String> placeholders;

	/**
	 * Creates the defaults.
	 * @param topic for payloads that have none, or {@code null}
	 * @param placeholders resolves those of annotations
	 */
	PayloadDefaults(@Nullable String topic, UnaryOperator<String> placeholders) {
		this.topic = topic;
		this.placeholders = placeholders;
	}

	/**
	 * Where a payload goes.
	 * @throws IllegalArgumentException if nothing says so, with what could
	 */
	String topic(Object payload) {
		String ofClass = of(payload).topic();
		String found = (ofClass != null) ? ofClass : this.topic;
		if (found == null) {
			throw new IllegalArgumentException("Nothing says to which topic a " + payload.getClass().getName()
					+ " is sent: name one, annotate the class with @WeirMessage(topic = \"…\"), or configure "
					+ "weir.template.default-topic");
		}
		return found;
	}

	/** The key of a payload, or {@code null} if it has none. */
	@Nullable String key(@Nullable Object payload) {
		Expression key = (payload != null) ? of(payload).key() : null;
		Object value = (key != null) ? key.getValue(this.context, payload) : null;
		return (value != null) ? value.toString() : null;
	}

	private Rules of(Object payload) {
		return this.rules.computeIfAbsent(payload.getClass(), this::read);
	}

	private Rules read(Class<?> type) {
		WeirMessage annotation = AnnotatedElementUtils.findMergedAnnotation(ClassUtils.getUserClass(type),
				WeirMessage.class);
		if (annotation == null) {
			return NONE;
		}
		String ofClass = annotation.topic().isEmpty() ? null : this.placeholders.apply(annotation.topic());
		Expression key = annotation.key().isEmpty() ? null
				: this.parser.parseExpression(annotation.key(), ParserContext.TEMPLATE_EXPRESSION);
		return new Rules(ofClass, key);
	}

	/** What an annotation says. */
	private record Rules(@Nullable String topic, @Nullable Expression key) {
	}

}
