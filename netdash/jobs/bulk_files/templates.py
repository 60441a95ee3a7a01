"""Example files to fill in; each is one that the readers read."""

CSV = """\
name,driver,subnet,gateway,ip_range,reserved,internal,attachable,ipv6,label:project,option:com.docker.network.driver.mtu
shop-dev-frontend-network,bridge,10.20.0.0/24,10.20.0.1,,printer=10.20.0.5;nas=10.20.0.6,,,,shop,1450
shop-dev-database-network,bridge,10.20.1.0/24,,10.20.1.128/25,,true,,,shop,
monitoring,,,,,,,,,,
"""
YAML = """\
# A list of networks; only the name must be there. Instead of "- name: shop" also "shop:".
- name: shop-dev-frontend-network
  driver: bridge
  subnet: 10.20.0.0/24
  gateway: 10.20.0.1
  reserved:
    printer: 10.20.0.5
    nas: 10.20.0.6
  labels:
    project: shop
  options:
    com.docker.network.driver.mtu: 1450
- name: shop-dev-database-network
  subnet: 10.20.1.0/24
  ip_range: 10.20.1.128/25
  internal: true
- monitoring
"""
COMPOSE = """\
name: shop
networks:
  frontend:
    ipam:
      config:
        - subnet: 10.20.0.0/24
          gateway: 10.20.0.1
  database:
    internal: true
    labels:
      team: storage
  elsewhere:
    external: true
"""
TEMPLATES = {"csv": CSV, "yaml": YAML, "compose": COMPOSE}
