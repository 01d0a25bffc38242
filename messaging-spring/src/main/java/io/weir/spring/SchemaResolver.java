package io.weir.spring;

import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;

import io.weir.message.Schema;

/**
 * Knows how values of some types become payloads and back. Beans of this type are asked
 * in order, before what Weir knows itself: Protobuf and Avro, if their libraries are on
 * the class path, bytes in several forms, text, and JSON for all other types.
 *
 * <pre class="code">
 * &#064;Bean
 * SchemaResolver prices() {
 *     return (type) -&gt; (type == Price.class) ? new PriceSchema() : null;
 * }
 * </pre>
 *
 * Must be safe for use by several threads. An {@link IdentifiedSchema} is said on each
 * message, and checked by whoever receives it.
 */
@FunctionalInterface
public interface SchemaResolver {

	/**
	 * Finds the schema of a type. Asked once for each type.
	 * @param type the class of a value that is sent, or what a payload is to be read as,
	 * with its type arguments
	 * @return the schema, or {@code null} if this does not know the type
	 */
	@Nullable Schema<?> resolve(Type type);

}
