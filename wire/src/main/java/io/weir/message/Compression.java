package io.weir.message;

/**
 * How the messages of a batch are compressed. Each but {@link #NONE} needs a library on
 * the class path of those who write and read such batches, and of the broker.
 */
public enum Compression {

	/** Not at all. */
	NONE,

	/** Quick; needs {@code at.yawk.lz4:lz4-java}. */
	LZ4,

	/** Smaller; needs {@code com.github.luben:zstd-jni}. */
	ZSTD

}
