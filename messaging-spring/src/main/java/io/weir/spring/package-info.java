/**
 * The programming model: send with a template, receive with an annotated method.
 */
@NullMarked
package io.weir.spring;

import org.jspecify.annotations.NullMarked;
