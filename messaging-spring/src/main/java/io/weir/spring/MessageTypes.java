package io.weir.spring;

import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.io.InputStreamSource;
import org.springframework.util.ClassUtils;

import io.weir.setting.Require;

/**
 * The names under which types of payloads are known to other applications
 * ({@link WeirHeaders#TYPE}): what was configured, else what {@link WeirMessage} says,
 * else the class's name without its package. Bytes, text, collections, and all types of
 * the JDK and of Jackson have none, unless one was configured. A name that comes with a
 * message is only ever compared, and no class is made from it. Safe to use from any
 * thread.
 */
public final class MessageTypes {

	/** In UTF-8. */
	private static final int MAX_NAME_BYTES = 1024;

	private static final Set<String> WITHOUT_NAME = Set.of("java.", "javax.", "jdk.", "kotlin.", "tools.jackson.",
			"com.fasterxml.jackson.");

	private final Map<Class<?>, Optional<String>> names = new ConcurrentHashMap<>();

	private final Map<String, Class<?>> configured;

	/** Nothing is configured. */
	public MessageTypes() {
		this(Map.of());
	}

	/**
	 * Creates the names.
	 * @param configured classes by name; a class may have several, of which the first is
	 * used for sending
	 */
	public MessageTypes(Map<String, Class<?>> configured) {
		this.configured = new LinkedHashMap<>(Objects.requireNonNull(configured, "configured"));
		this.configured.forEach((name, type) -> {
			Require.name("message type", MAX_NAME_BYTES, name);
			this.names.putIfAbsent(type, Optional.of(name));
		});
	}

	/**
	 * The name of a class.
	 * @param type the class
	 * @return its name, or {@code null} if it has none
	 */
	public @Nullable String nameOf(Class<?> type) {
		Objects.requireNonNull(type, "type");
		return this.names.computeIfAbsent(behind(type), MessageTypes::find).orElse(null);
	}

	/** The class that a proxy is made for, or that a constant with a body belongs to. */
	private static Class<?> behind(Class<?> type) {
		boolean constant = type.isAnonymousClass() && type.getSuperclass().isEnum();
		return constant ? type.getSuperclass() : ClassUtils.getUserClass(type);
	}

	private static Optional<String> find(Class<?> type) {
		WeirMessage annotation = AnnotatedElementUtils.findMergedAnnotation(type, WeirMessage.class);
		if (annotation != null && !annotation.type().isEmpty()) {
			return Optional
				.of(Require.name("@WeirMessage(type) of " + type.getName(), MAX_NAME_BYTES, annotation.type()));
		}
		return hasName(type) ? Optional.of(type.getSimpleName()) : Optional.empty();
	}

	private static boolean hasName(Class<?> type) {
		return !type.isPrimitive() && !type.isArray() && !type.isHidden() && !type.getSimpleName().isEmpty()
				&& !InputStreamSource.class.isAssignableFrom(type) && !Map.class.isAssignableFrom(type)
				&& !Iterable.class.isAssignableFrom(type)
				&& WITHOUT_NAME.stream().noneMatch(type.getName()::startsWith);
	}

	/**
	 * What fits a parameter.
	 * @param type the class that payloads are to be read as
	 * @return tells messages that are of this type, or of one that was configured and
	 * extends it, from others
	 */
	public MessageTypeFilter filter(Class<?> type) {
		String name = nameOf(type);
		boolean any = name == null || type.isInterface() || Modifier.isAbstract(type.getModifiers());
		Set<String> accepted = Stream
			.concat(Stream.ofNullable(name),
					this.configured.entrySet()
						.stream()
						.filter((entry) -> name != null && type.isAssignableFrom(entry.getValue()))
						.map(Map.Entry::getKey))
			.collect(Collectors.toUnmodifiableSet());
		Set<String> refused = (name == null) ? Set.of()
				: this.configured.keySet()
					.stream()
					.filter((each) -> !accepted.contains(each))
					.collect(Collectors.toUnmodifiableSet());
		return new MessageTypeFilter(accepted, refused, any);
	}

}
