"""The engines that netdash reads."""

from __future__ import annotations

from django.db import models
from django.urls import reverse


class Engine(models.Model):
    """A Docker Engine that netdash reads, and where it answers."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(
        max_length=60, unique=True, help_text="Stands in the address of every page of this engine."
    )
    address = models.CharField(
        max_length=255,
        help_text="unix:///var/run/docker.sock, tcp://name:2376 or ssh://user@name.",
    )
    tls_ca = models.CharField("TLS authority file", max_length=255, blank=True)
    tls_certificate = models.CharField("TLS certificate file", max_length=255, blank=True)
    tls_key = models.CharField("TLS key file", max_length=255, blank=True)
    is_enabled = models.BooleanField("enabled", default=True)
    is_simulated = models.BooleanField("simulated", default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        permissions = (("change_networks", "Can change networks and connections on engines"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Name the topology of this engine."""
        return reverse("topology", args=[self.slug])
