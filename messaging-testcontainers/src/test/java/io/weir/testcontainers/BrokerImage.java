package io.weir.testcontainers;

import java.nio.file.Path;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** The image of the broker application that this build has made. */
final class BrokerImage {

	/** A base that needs no registry, if somebody has made it. */
	private static final String LOCAL_BASE = "localhost/jre";

	private static final Path BROKER_APP = Path.of("..", "broker-app");

	private BrokerImage() {
	}

	/** Whether tests can have containers. */
	static boolean isPossible() {
		return DockerClientFactory.instance().isDockerAvailable();
	}

	/** Builds it, or takes what is there of it. */
	static String name() {
		ImageFromDockerfile image = new ImageFromDockerfile("localhost/weir-broker:test", false)
			.withFileFromPath("Dockerfile", BROKER_APP.resolve("Dockerfile"))
			.withFileFromPath("target/messaging-broker-app.jar", BROKER_APP.resolve("target/messaging-broker-app.jar"));
		if (isThere(LOCAL_BASE)) {
			image.withBuildArg("BASE_IMAGE", LOCAL_BASE);
		}
		return image.get();
	}

	private static boolean isThere(String image) {
		return !DockerClientFactory.instance().client().listImagesCmd().withReferenceFilter(image).exec().isEmpty();
	}

}
