package io.weir.spring.cloud.stream;

import java.util.Map;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.cloud.stream.binder.AbstractExtendedBindingProperties;
import org.springframework.cloud.stream.binder.BinderSpecificPropertiesProvider;

/** What is said of bindings, by their names, and of all of them. */
@ConfigurationProperties("spring.cloud.stream.weir")
public class WeirExtendedBindingProperties extends
		AbstractExtendedBindingProperties<WeirConsumerProperties, WeirProducerProperties, WeirBindingProperties> {

	@Override
	public String getDefaultsPrefix() {
		return "spring.cloud.stream.weir.default";
	}

	@Override
	public Map<String, WeirBindingProperties> getBindings() {
		return doGetBindings();
	}

	@Override
	public Class<? extends BinderSpecificPropertiesProvider> getExtendedPropertiesEntryClass() {
		return WeirBindingProperties.class;
	}

}
