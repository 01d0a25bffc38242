package io.weir.spring.autoconfigure.common;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Announces, for a native image, what the libraries below client and broker find by name,
 * where they do not announce it themselves: their native libraries, the classes that
 * these call back, and what is chosen at run time.
 */
final class NativeLibraryHints implements RuntimeHintsRegistrar {

	/** What native code does with a class. */
	private static final MemberCategory[] ALL_MEMBERS = { MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
			MemberCategory.INVOKE_DECLARED_METHODS, MemberCategory.ACCESS_DECLARED_FIELDS };

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		// Netty announces its own name for this library, under which Weir does not have
		// it.
		hints.resources().registerPattern("META-INF/native/libnetty_transport_native_epoll.so");
		hints.resources().registerPattern("META-INF/spring-configuration-metadata.json");
		hints.reflection()
			.registerType(Executors.class,
					(type) -> type.withMethod("newVirtualThreadPerTaskExecutor", List.of(), ExecutableMode.INVOKE));
		// An image runs on what it is built on, and has no libraries for others.
		String processor = System.getProperty("os.arch");
		hints.reflection()
			.registerTypes(classes("net/jpountz/lz4", classLoader), (type) -> type
				.withMembers(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS, MemberCategory.ACCESS_DECLARED_FIELDS));
		hints.resources().registerPattern("net/jpountz/util/*/" + processor + "/liblz4-java.*");
		hints.jni()
			.registerTypes(classes("com/github/luben/zstd", classLoader), (type) -> type.withMembers(ALL_MEMBERS));
		hints.resources().registerPattern("*/" + processor + "/libzstd-jni-*");
		hints.jni().registerTypes(classes("org/rocksdb", classLoader), (type) -> type.withMembers(ALL_MEMBERS));
		hints.resources().registerPattern(rocksDb(System.getProperty("os.name"), processor));
	}

	/** The names of RocksDB's library for a system. */
	static String rocksDb(String system, String processor) {
		if (system.startsWith("Windows")) {
			return "librocksdbjni-win64.dll";
		}
		if (system.startsWith("Mac")) {
			return "librocksdbjni-osx-*";
		}
		return "librocksdbjni-linux" + (processor.equals("amd64") ? "64" : "-" + processor) + "*";
	}

	/** Those of a package, none if the library is not there. */
	private static List<TypeReference> classes(String path, @Nullable ClassLoader classLoader) {
		List<TypeReference> classes = new ArrayList<>();
		try {
			for (Resource file : new PathMatchingResourcePatternResolver(classLoader)
				.getResources("classpath*:" + path + "/*.class")) {
				String name = String.valueOf(file.getFilename()).replace(".class", "");
				if (!name.equals("package-info")) {
					classes.add(TypeReference.of(path.replace('/', '.') + "." + name));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return classes;
	}

}
