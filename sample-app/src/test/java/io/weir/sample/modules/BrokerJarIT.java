package io.weir.sample.modules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;

/** What is in the jar of the broker application, which other tests start. */
class BrokerJarIT {

	private static final Path JAR = Path.of("..", "broker-app", "target", "messaging-broker-app.jar");

	private static final long LIMIT = 60 * 1024 * 1024;

	private static List<String> entries() throws IOException {
		try (JarFile jar = new JarFile(JAR.toFile())) {
			return jar.stream().map(ZipEntry::getName).toList();
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void brokersJarIsSmallerThan60Megabytes() throws IOException {
		assertThat(Files.size(JAR)).isLessThan(LIMIT);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void brokersJarHasTheNativesOfLinuxAndOfNoOtherSystem() throws IOException {
		assertThat(entries())
			.contains("BOOT-INF/classes/librocksdbjni-linux64.so", "BOOT-INF/classes/librocksdbjni-linux-aarch64.so",
					"META-INF/native/libnetty_quiche42_linux_x86_64.so",
					"META-INF/native/libnetty_quiche42_linux_aarch_64.so")
			.noneMatch((entry) -> entry.matches(".*(rocksdbjni-[\\d.]+jar|zstd-jni|netty-codec-native-quic).*\\.jar"))
			.noneMatch((entry) -> entry.matches(".*\\.(dll|jnilib|dylib)|.*(musl|s390x|ppc64|riscv64|linux32).*"));
	}

	@Test
	void brokersJarHasNoClientAndNoPartsOfNettyThatNobodyUses() throws IOException {
		assertThat(entries()).anyMatch((entry) -> entry.contains("/messaging-broker-autoconfigure-"))
			.noneMatch((entry) -> entry
				.matches(".*/(messaging-(client|spring|autoconfigure)-\\d|netty-(all|codec-http|pkitesting)).*\\.jar"));
	}

}
