package io.weir.message;

/**
 * Makes the schemas of {@link Schema#json(Class)}; found by
 * {@link java.util.ServiceLoader}.
 */
public interface JsonSchemaFactory {

	/**
	 * A schema for values of one type.
	 * @param type the type of the values
	 * @param <T> the type of the values
	 * @return the schema
	 */
	<T> Schema<T> schema(Class<T> type);

}
