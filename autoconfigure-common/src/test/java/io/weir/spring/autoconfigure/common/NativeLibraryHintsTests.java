package io.weir.spring.autoconfigure.common;

import java.util.concurrent.Executors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.aot.AotServices;

import static org.assertj.core.api.Assertions.assertThat;

class NativeLibraryHintsTests {

	private final RuntimeHints hints = new RuntimeHints();

	NativeLibraryHintsTests() {
		AotServices.factories()
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter(NativeLibraryHints.class::isInstance)
			.forEach((registrar) -> registrar.registerHints(this.hints, getClass().getClassLoader()));
	}

	/** Otherwise no name of a property would be known to be right. */
	@Test
	void namesOfPropertiesAreInTheImage() {
		assertThat(RuntimeHintsPredicates.resource().forResource("META-INF/spring-configuration-metadata.json"))
			.accepts(this.hints);
	}

	@Test
	void librariesOfThisSystemAreInTheImageAndThoseOfOthersAreNot() {
		String processor = System.getProperty("os.arch");
		for (String library : new String[] { "META-INF/native/libnetty_transport_native_epoll.so",
				"net/jpountz/util/linux/" + processor + "/liblz4-java.so",
				"linux/" + processor + "/libzstd-jni-1.5.7-28.so" }) {
			assertThat(RuntimeHintsPredicates.resource().forResource(library)).as(library).accepts(this.hints);
		}
		assertThat(RuntimeHintsPredicates.resource().forResource("linux/s390x/libzstd-jni-1.5.7-28.so"))
			.rejects(this.hints);
	}

	@ParameterizedTest
	@CsvSource({ "Linux, amd64, librocksdbjni-linux64*", "Linux, aarch64, librocksdbjni-linux-aarch64*",
			"Mac OS X, aarch64, librocksdbjni-osx-*", "Windows 11, amd64, librocksdbjni-win64.dll" })
	void libraryOfRocksDbIsThatOfTheSystem(String system, String processor, String names) {
		assertThat(NativeLibraryHints.rocksDb(system, processor)).isEqualTo(names);
	}

	@Test
	void whatNativeCodeCallsBackIsThere() {
		assertThat(this.hints.jni().getTypeHint(TypeReference.of("org.rocksdb.RocksDBException"))).isNotNull();
		assertThat(this.hints.jni().getTypeHint(TypeReference.of("com.github.luben.zstd.ZstdCompressCtx"))).isNotNull();
		assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of("net.jpountz.lz4.LZ4JNICompressor")))
			.accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(Executors.class)).accepts(this.hints);
	}

}
