package raftkv.service;

import io.grpc.BindableService;
import io.grpc.protobuf.services.ProtoReflectionService;

/** Reflection under its older name, v1alpha, which many terminal clients still ask first. */
final class OldReflection {
  private OldReflection() {}

  @SuppressWarnings("deprecation")
  static BindableService service() {
    return ProtoReflectionService.newInstance();
  }
}
